"""How well the duplicate guard finds what is there already: 300 duplicates planted among real activities.

The real activities come in through the importer, in a site of their own that goes away. Each plant is put to the
product's own guard as a donor's form would; so are real activities against each other, and invented ones that are alike
but different (the next phase, the neighbour country). Figures go to standard output and, with BENCH_OUT, to
<BENCH_OUT>/duplicates.json. SEED chooses other activities.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import create_app
from app.config import Settings
from app.evaluation.scratch import bring_in, scratch_site
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.matching.duplicates import are_kin
from app.matching.guard.facts import facts
from app.matching.guard.rules import Facts
from app.matching.guard.service import suspects
from app.organisations.models import Organisation
from app.programmes.models import Programme, ProgrammeText
from app.programmes.service import ProgrammeDraft
from app.reference.concepts import concept_name, mentions
from app.reference.countries import country_name
from app.search.documents import documents
from app.search.language import query_words
from app.search.reactions import engine_of

PER_KIND = 50
ALIKE, REAL = 75, 300
"""So many invented ones that are alike but different of each sort, and real ones that are compared with all others."""
KIN_LINKS = frozenset({"1", "2", "3", "4", "5"})
LANGUAGES = ("fr", "es", "pt", "en")
NEIGHBOURS = {
    "GH": "TG",
    "ZM": "MW",
    "BW": "NA",
    "TN": "DZ",
    "CV": "SN",
    "KE": "UG",
    "UG": "KE",
    "PE": "BO",
    "AF": "TJ",
}


@dataclass(frozen=True)
class Plant:
    """A draft that somebody else would type, and the number of the activity that it repeats."""

    kind: str
    original: int
    draft: ProgrammeDraft


@dataclass
class Tally:
    """What the guard said of one kind of plants."""

    planted: int = 0
    found: int = 0
    false: int = 0
    series: int = 0
    missed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        said = self.found + self.false
        return {
            "planted": self.planted,
            "found": self.found,
            "false": self.false,
            "of a series with the same title": self.series,
            "recall": round(self.found / self.planted, 3) if self.planted else None,
            "precision": round(self.found / said, 3) if said else None,
        }


# --- planting ---


def base_draft(row: Programme, **changes: Any) -> ProgrammeDraft:
    """The activity as another organisation would type it: without its identifier."""
    draft = ProgrammeDraft(
        language=row.language, title=row.title, description=row.description, themes=tuple(row.codes("theme")),
        offers=(), countries=tuple(row.places), groupings=tuple(row.codes("grouping")),
        starts_on=row.starts_on, ends_on=row.ends_on,
    )  # fmt: skip
    return replace(draft, **changes)


def verbatim(row: Programme, _rng: random.Random) -> Iterator[ProgrammeDraft]:
    yield base_draft(row)


def shortened(row: Programme, _rng: random.Random) -> Iterator[ProgrammeDraft]:
    words = row.title.split()
    title = " ".join(words[: max(4, round(len(words) * 0.6))])
    yield base_draft(row, title=title, description=row.description[:120].rsplit(" ", 1)[0])


def shifted(row: Programme, rng: random.Random) -> Iterator[ProgrammeDraft]:
    if row.starts_on or row.ends_on:
        by = timedelta(days=30 * rng.choice([-6, -4, -3, -2, 2, 3, 4, 6]))
        yield base_draft(row, starts_on=row.starts_on and row.starts_on + by, ends_on=row.ends_on and row.ends_on + by)


def phases(row: Programme, _rng: random.Random) -> Iterator[ProgrammeDraft]:
    if row.starts_on and row.ends_on and (row.ends_on - row.starts_on).days > 365 and not _is_numbered(row.title):
        middle = row.starts_on + (row.ends_on - row.starts_on) / 2
        yield base_draft(row, title=f"{row.title}, phase 1", ends_on=middle)
        yield base_draft(row, title=f"{row.title}, phase 2", starts_on=middle + timedelta(days=1))


def children(row: Programme, rng: random.Random) -> Iterator[ProgrammeDraft]:
    """A part of it that its implementer reports, with an identifier that is the parent's and one part more, or none."""
    if not (row.starts_on and row.ends_on and row.iati_identifier and (row.ends_on - row.starts_on).days > 365):
        return
    half = row.description[: len(row.description) // 2].rsplit(" ", 1)[0]
    inside = {"starts_on": row.starts_on + timedelta(days=90), "ends_on": row.ends_on - timedelta(days=90)}
    draft = base_draft(row, title=f"Component {rng.randint(1, 4)}: {row.title}", description=half, **inside)
    if rng.random() < 0.5:
        draft = replace(draft, iati_identifier=f"{row.iati_identifier}-{rng.randint(1, 9)}")
    yield draft


def _is_numbered(title: str) -> bool:
    return bool(re.search(r"\d|\b[IVX]+\b|phase|fase", title, re.IGNORECASE))


KINDS: dict[str, Callable[[Programme, random.Random], Iterator[ProgrammeDraft]]] = {
    "verbatim": verbatim, "shortened": shortened, "date-shifted": shifted, "two phases": phases,
    "parent and child": children,
}  # fmt: skip


def plants(rows: Sequence[Programme], rng: random.Random) -> Iterator[Plant]:
    """Fifty of each kind but the translated ones."""
    for kind, make in KINDS.items():
        made = 0
        for row in rng.sample(list(rows), len(rows)):
            if made >= PER_KIND:
                break
            for draft in make(row, rng):
                made += 1
                yield Plant(kind, row.id, draft)


def translated(site: Site, rows: Sequence[Programme], rng: random.Random) -> tuple[list[Plant], Counter[str]]:
    """Activities that are told in two languages: one stays, the other is what somebody else types.

    Where there are too few, the concepts of an activity's words named in another language stand for a translation.
    """
    found = _by_narratives(rows, rng)[:PER_KIND]
    how = Counter({"narratives": len(found)})
    with site.database.transaction() as tx:
        for plant in found:
            for text in tx.scalars(select(ProgrammeText).where(ProgrammeText.programme_id == plant.original)):
                if text.language == plant.draft.language:
                    tx.delete(text)
    known = {plant.original for plant in found}
    others = (row for row in rng.sample(list(rows), len(rows)) if row.id not in known)
    drafts = ((row.id, draft) for row in others if (draft := _by_concepts(row, rng)) is not None)
    for number, draft in islice(drafts, PER_KIND - len(found)):
        found.append(Plant("translated", number, draft))
        how["concept for concept"] += 1
    return found, how


def _by_narratives(rows: Sequence[Programme], rng: random.Random) -> list[Plant]:
    """Each activity that its file tells in two of the site's languages, as somebody tells it in the second one."""
    found = []
    for row in rng.sample(list(rows), len(rows)):
        texts = [text for text in row.texts if text.title and text.title != row.title]
        other = next((text for text in texts if {text.language, row.language} <= set(LANGUAGES)), None)
        if other is not None and other.language != row.language:
            draft = base_draft(row, language=other.language, title=other.title, description=other.description)
            found.append(Plant("translated", row.id, draft))
    return found


def _by_concepts(row: Programme, rng: random.Random) -> ProgrammeDraft | None:
    language = rng.choice([code for code in LANGUAGES if code != row.language])
    named = list(dict.fromkeys(concept.id for concept in mentions(row.title)))
    if len(named) < 2:
        return None
    title = ", ".join(concept_name(one, language) for one in named)
    rest = list(dict.fromkeys(concept.id for concept in mentions(row.description)))[:12]
    places = ", ".join(country_name(code, language) for code in row.places[:2])
    words = ", ".join(concept_name(one, language) for one in rest)
    return base_draft(row, language=language, title=f"{title} ({places})" if places else title, description=words)


def alike_but_different(rows: Sequence[Programme], rng: random.Random) -> Iterator[Plant]:
    """The same donor's next phase after the first one has ended, and the same thing for the neighbour country."""
    told = [row for row in rows if row.starts_on and row.ends_on and len(row.title.split()) > 2]
    for row in rng.sample(told, min(ALIKE, len(told))):
        length = row.ends_on - row.starts_on
        begins = row.ends_on + timedelta(days=1)
        title = f"{row.title} - Phase II"
        yield Plant("next phase", row.id, base_draft(row, title=title, starts_on=begins, ends_on=begins + length))
    placed = [row for row in told if len(row.places) == 1]
    for row in rng.sample(placed, min(ALIKE, len(placed))):
        here = row.places[0]
        there = NEIGHBOURS.get(here, "GH")
        names = country_name(here, "en"), country_name(there, "en")
        draft = base_draft(row, countries=(there,), groupings=(), title=row.title.replace(*names),
                           description=row.description.replace(*names))  # fmt: skip
        yield Plant("neighbour country", row.id, draft)


# --- asking the guard ---


class Field:
    """The real activities in a site of their own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.rows: dict[int, Programme] = {}
        self.load()

    def load(self) -> None:
        with self.site.database.reading() as tx:
            query = readable(SYSTEM, Programme).options(
                selectinload(Programme.texts), selectinload(Programme.links), selectinload(Programme.organisation)
            )
            self.rows = {row.id: row for row in tx.scalars(query.order_by(Programme.id))}
            tx.expunge_all()

    def strong(self, tx: Any, mine: Facts, own: int = 0) -> list[int]:
        found = suspects(tx, engine_of(self.site), SYSTEM, "programme", mine, own)
        return [one.side.number for one in found if one.judgement.is_strong]

    def are_called_alike(self, first: int, second: int) -> bool:
        """Whether two have the same words for a title, in one place and at one time: a series, or a repetition."""
        return bool(query_words(self.rows[first].title) == query_words(self.rows[second].title))

    def are_one(self, first: int, second: int) -> bool:
        """Whether the files say that two are one: an identifier shared or with a part added, or a declared relation."""
        one, other = self.rows[first], self.rows[second]
        ids = [row.iati_identifier or "" for row in (one, other)]
        if facts("programme", one, 0).identifiers & facts("programme", other, 0).identifiers:
            return True
        declared = {link.identifier for row in (one, other) for link in row.links if link.kind in KIN_LINKS}
        parents = [{link.identifier for link in row.links if link.kind == "1"} for row in (one, other)]
        return are_kin(*ids) or bool(declared & set(ids)) or bool(parents[0] & parents[1])


def ask(field_of: Field, planted: Sequence[Plant], other: int) -> tuple[dict[str, Tally], list[tuple[int, int]]]:
    """What the guard says of each plant; also the pairs that are neither planted nor told as one by the files."""
    tallies: dict[str, Tally] = {}
    strange: list[tuple[int, int]] = []
    with field_of.site.database.reading() as tx:
        for plant in planted:
            tally = tallies.setdefault(plant.kind, Tally())
            found = field_of.strong(tx, facts("programme", plant.draft, other))
            tally.planted += 1
            tally.found += plant.original in found
            if plant.original not in found:
                tally.missed.append(f"{plant.original}: {plant.draft.title} <> {field_of.rows[plant.original].title}")
            for number in found:
                if number == plant.original or field_of.are_one(number, plant.original):
                    continue
                if field_of.are_called_alike(number, plant.original):
                    tally.series += 1
                    continue
                tally.false += 1
                strange.append((plant.original, number))
    return tallies, strange


def real_pairs(field_of: Field, rng: random.Random) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The strong pairs of some real activities with all: those that the files tell as one, and the others."""
    seen: set[tuple[int, int]] = set()
    with field_of.site.database.reading() as tx:
        for number in rng.sample(sorted(field_of.rows), min(REAL, len(field_of.rows))):
            row = field_of.rows[number]
            mine = facts("programme", row, row.organisation_id)
            seen |= {(min(number, one), max(number, one)) for one in field_of.strong(tx, mine, number)}
    told = [pair for pair in sorted(seen) if field_of.are_one(*pair)]
    return told, [pair for pair in sorted(seen) if not field_of.are_one(*pair)]


def main() -> None:
    """Plant, ask, print."""
    settings = Settings.from_environment()
    files = sorted((settings.shared_dir / "iati").glob("*.xml"))
    if not files:
        print("There are no real activities here: nothing to plant duplicates among.")
        return
    create_app(settings)
    seed = int(os.environ.get("SEED", "20111"))
    rng = random.Random(seed)
    with scratch_site(settings) as site:
        bring_in(site, files, lambda _number: None)
        field_of = Field(site)
        told = [row for row in field_of.rows.values() if row.title and row.description and row.places]
        others, how = translated(site, told, rng)
        with site.database.reading() as tx:
            changed = [plant.original for plant in others]
            engine_of(site).replace(documents(tx, "programme", changed), [])
        field_of.load()
        planted = [*plants(told, rng), *others]
        with site.database.transaction() as tx:
            owner = tx.scalars(select(Organisation.id).order_by(Organisation.id.desc())).first() or 0
        tallies, strange = ask(field_of, planted, owner)
        different, _more = ask(field_of, list(alike_but_different(told, rng)), owner)
        as_one, not_told = real_pairs(field_of, rng)
        report(seed, field_of, tallies, different, (as_one, not_told, strange), how)


def report(
    seed: int, field_of: Field, tallies: dict[str, Tally], different: dict[str, Tally], pairs: Any, how: Counter[str]
) -> None:
    """Print the figures, with -v every miss and every pair that nobody planted; write them down if asked.

    Overall precision counts as false what is false beside the plants, what is alike but different and was taken for the
    same, and every strong pair of real activities that the files do not tell as one. Of a series under one title (lots,
    yearly grants) the strict figure counts each beside a plant as false too.
    """
    as_one, not_told, strange = pairs
    found, planted = (sum(getattr(t, name) for t in tallies.values()) for name in ("found", "planted"))
    series = sum(tally.series for tally in tallies.values())
    false = sum(tally.false for tally in tallies.values()) + sum(t.found + t.false for t in different.values())
    right, wrong = found + len(as_one), false + len(not_told)
    figures = {
        "seed": seed,
        "activities": len(field_of.rows),
        "kinds": {kind: tally.as_json() for kind, tally in tallies.items()},
        "translated by": dict(how),
        "alike but different": {
            kind: {"put": t.planted, "taken for the same": t.found} for kind, t in different.items()
        },
        "real pairs told as one by the files": len(as_one),
        "other real pairs": len(not_told),
        "recall overall": round(found / planted, 3),
        "precision overall": round(right / (right + wrong), 3),
        "precision, strictest": round(right / (right + wrong + series), 3),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    if "-v" in sys.argv:
        for kind, tally in tallies.items():
            print("\n".join(f"missed {kind}: {line}" for line in tally.missed))
        for name, them in (("real", not_told), ("beside a plant", strange)):
            for one, other in them:
                print(name, *(f"{n}: {field_of.rows[n].iati_identifier} | {field_of.rows[n].title} | "
                              f"{field_of.rows[n].starts_on} {field_of.rows[n].ends_on} | {field_of.rows[n].places[:3]}"
                              for n in (one, other)), sep="\n   ")  # fmt: skip
    if out := os.environ.get("BENCH_OUT"):
        Path(out, "duplicates.json").write_text(
            json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
