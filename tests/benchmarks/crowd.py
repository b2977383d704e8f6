"""A site with many records: programmes with the words of real ones, and for each need a donor who can meet it.

All of it follows from one seed. The texts are those of the files of the folder `programmes` of COUNTERPART_SHARED;
where there are none, those of the demonstration's programmes, told again for other countries.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from app.config import Settings
from app.demonstration.source import Source
from app.foundation.db import Database, Tx
from app.organisations.models import Organisation
from app.programmes.models import Programme
from app.reference.concepts import themes_in_text
from app.reference.countries import countries
from app.search.indexer import count_documents
from tests.factories import World

SEED = 2011
OWNERS = 60
OPEN_IN_FIVE = 1
"""Of five programmes one was posted here and takes requests; the others are imported records."""
LONGEST_FIELD = 10_000_000
LANGUAGES = ("en", "fr", "es", "pt")
KINDS = ("training", "mentoring", "equipment", "study", "legislation", "information_system")

SUBJECTS = (
    ("prisons", "Classification of prisoners on admission", "Classement des détenus à l'admission"),
    ("prisons", "Health care in overcrowded prisons", "Soins de santé dans les prisons surpeuplées"),
    ("judicial_process", "Digital evidence before criminal courts", "La preuve numérique devant les tribunaux pénaux"),
    ("judicial_process", "Case management in prosecution offices", "Gestion des dossiers dans les parquets"),
    ("asset_recovery", "Management of seized assets", "Gestion des avoirs saisis"),
    ("money_laundering", "Financial investigation of money laundering", "Enquête financière sur le blanchiment"),
    ("precursor_control", "Control of chemical precursors", "Contrôle des précurseurs chimiques"),
    ("forensic_laboratories", "Accreditation of forensic laboratories", "Accréditation des laboratoires forensiques"),
    ("border_control", "Risk analysis at land borders", "Analyse des risques aux frontières terrestres"),
    ("port_control", "Profiling of containers in seaports", "Ciblage des conteneurs dans les ports"),
    ("anti_corruption", "Asset declarations of public officials", "Déclarations de patrimoine des agents publics"),
    ("witness_protection", "Protection of witnesses", "Protection des témoins"),
    ("legal_aid", "Legal aid for detained persons", "Aide juridictionnelle aux personnes détenues"),
    ("juvenile_justice", "Diversion of children from detention", "Mesures de déjudiciarisation pour les mineurs"),
    ("small_arms", "Marking and tracing of small arms", "Marquage et traçage des armes légères"),
    ("treatment", "Opioid substitution treatment", "Traitement de substitution aux opioïdes"),
    ("trafficking_in_persons", "Identification of victims of trafficking", "Identification des victimes de la traite"),
    ("migrant_smuggling", "Investigation of migrant smuggling", "Enquête sur le trafic illicite de migrants"),
    ("cybercrime", "Investigation of cybercrime", "Enquête sur la cybercriminalité"),
    ("customs", "Post-clearance audit of customs", "Contrôle douanier a posteriori"),
)
"""A theme, and what a programme gives and a need asks for, in English and in French."""
PEOPLE = (
    ("investigators", "les enquêteurs"), ("heads of service", "les chefs de service"), ("trainers", "les formateurs"),
    ("inspectors", "les inspecteurs"), ("clerks and registrars", "les greffiers"), ("magistrates", "les magistrats"),
    ("new recruits", "les nouvelles recrues"), ("analysts", "les analystes"), ("lawyers", "les avocats"),
    ("auditors", "les auditeurs"),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a need of the benchmark asks for, and the donor's programme that fits it."""

    number: int
    theme: str
    title: str
    language: str
    donor_email: str
    programme_ref: str


@dataclass(frozen=True)
class Text:
    """The words of a real programme, and the country that it is for, if its file says one."""

    title: str
    description: str
    language: str
    country: str


def fill(settings: Settings, records: int, needs: int) -> list[Wanted]:
    """Bring records in until there are so many, among them a donor's programme for each need; what is to be asked."""
    source, database, now = random.Random(SEED), Database(settings.database_url), datetime.now(UTC)
    try:
        with database.transaction() as tx:
            wanted = [_plant(World(tx, now), number, source) for number in range(needs)]
        texts = _endless(real_texts(settings.shared_dir) or own_texts(now.date()), source)
        with database.transaction() as tx:
            owners = [_owner(tx, number, now) for number in range(OWNERS)]
            for _number in range(records - count_documents(tx)):
                tx.add(_programme(next(texts), source.choice(owners), source, now))
    finally:
        database.close()
    return wanted


def _plant(world: World, number: int, source: random.Random) -> Wanted:
    theme, english, french = SUBJECTS[number % len(SUBJECTS)]
    people, gens = PEOPLE[number // len(SUBJECTS) % len(PEOPLE)]
    key = f"p{number}.example"
    donor = world.organisation("donor", name=f"Donor {number} for {english.lower()}", email_domain=key)
    account = world.account(donor, email=f"desk@{key}", stamp=f"stamp-of-{key}")
    programme = world.programme(
        donor,
        title=f"{english}: training and mentoring for {people}",
        description=f"{english} is taught to {people} in five-day courses with cases of the country, and mentors come "
        f"back twice a year. {source.choice(('Travel is paid.', 'Materials are given.', 'Trainers are certified.'))}",
        themes=[theme],
        countries=[],
        groupings=["ECOWAS"],
        offers=[{"quantity": Decimal(200)}],
    )
    in_french = number % 2 == 1
    title = f"{french} : former {gens}" if in_french else f"{english}: training for {people}"
    return Wanted(number, theme, title, "fr" if in_french else "en", account.email, programme.ref)


def _owner(tx: Tx, number: int, now: datetime) -> Organisation:
    name, stamps = f"Development agency {number}", {"created_at": now, "changed_at": now}
    owner = Organisation(kind="donor", status="recorded", name=name, iati_type="10", **stamps)
    tx.add(owner)
    tx.flush()
    return owner


def _programme(text: Text, owner: Organisation, source: random.Random, now: datetime) -> Programme:
    begins = date(2024, 1, 1) + timedelta(days=source.randrange(900))
    is_open = source.randrange(5) < OPEN_IN_FIVE
    posted = now - timedelta(days=source.randrange(1, 700))
    programme = Programme(
        organisation=owner, title=text.title, description=text.description, language=text.language,
        status="2", accepting="yes" if is_open else "unknown", source="site" if is_open else "iati",
        starts_on=begins, ends_on=begins + timedelta(days=source.randrange(900, 2000)), is_published=True,
        posted_at=posted, created_at=posted, changed_at=posted,
    )  # fmt: skip
    programme.set_codes("theme", themes_in_text(f"{text.title} {text.description}")[:3])
    programme.set_codes("country", [text.country or source.choice(sorted(countries()))])
    programme.set_codes("language", [text.language])
    programme.set_codes("kind", source.sample(KINDS, 2) if is_open else [])
    return programme


def _endless(texts: list[Text], source: random.Random) -> Iterator[Text]:
    """The texts in an order of chance and, where there are too few, again for other countries."""
    order = source.sample(texts, len(texts))
    yield from order
    places, phase = sorted(countries()), 1
    while True:
        phase += 1
        for text in order:
            words = f"{text.title}, phase {phase}"
            yield Text(words, text.description, text.language, source.choice(places))


def real_texts(shared: Path) -> list[Text]:
    """The programmes of the files in the folder `programmes`, each title once."""
    csv.field_size_limit(LONGEST_FIELD)
    found: dict[str, Text] = {}
    for file in sorted((shared / "programmes").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                title = " ".join((row.get("title") or "").split())[:200]
                if title:
                    found.setdefault(title, _text(title, row))
    return list(found.values())


def _text(title: str, row: dict[str, str]) -> Text:
    place = (row.get("iso2") or row.get("recipient_codes") or "").strip()[:2].upper()
    language = row.get("lang") or row.get("lang_guess") or "en"
    description = " ".join((row.get("description") or row.get("objective") or "").split())
    return Text(title, description, language if language in LANGUAGES else "en", place if place in countries() else "")


def own_texts(today: date) -> list[Text]:
    """The words of the demonstration's own programmes."""
    entries = Source(today).read("programmes", "programme")
    return [Text(str(entry["title"]), str(entry["description"]), str(entry["language"]), "") for entry in entries]
