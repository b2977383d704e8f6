"""Records for the search benchmark, made from real texts: as many as asked for, the same ones for the same seed.

The texts are those of the folder COUNTERPART_SHARED (IATI activities and tables of programmes); without it those of the
demonstration. Each record has 150 to 250 words: its own, and those of others in its language, as long records have.
"""

from __future__ import annotations

import csv
import os
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from app.reference.concepts import concepts_in
from app.search.engine_types import IndexDocument
from app.search.language import STEMMERS, terms, words

ROOT = Path(__file__).resolve().parent.parent.parent
DEFAULT_SHARED = ROOT.parent / "shared"
SHORTEST, LONGEST = 150, 250
KINDS = ("programme",) * 13 + ("need",) * 3 + ("course",) * 2 + ("lesson", "output")
STATUS = ("open",) * 3 + ("closed",) * 2 + ("record",) * 5
ASSISTANCE = ("training", "equipment", "mentoring", "study", "legislation", "infrastructure", "exchange_visit")
COUNTRY = re.compile(r"^[A-Z]{2}$")


@dataclass(frozen=True)
class Text:
    """One real record as its source has it."""

    title: str
    body: str
    language: str
    country: str
    donor: str
    themes: tuple[str, ...]
    year: str


@dataclass(frozen=True)
class Record:
    """One made record, before it is told to any index."""

    number: int
    kind: str
    title: str
    body: str
    language: str
    facets: dict[str, tuple[str, ...]]
    posted: int
    due: int


@cache
def real_texts() -> tuple[Text, ...]:
    """Every real text that can be had, in a fixed order."""
    data = Path(os.environ.get("COUNTERPART_SHARED", DEFAULT_SHARED)) / "data"
    found = [*_tables(data / "programmes"), *_activities(data / "iati")] if data.is_dir() else []
    return tuple(found or _demonstration())


def _tables(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield _text_of(row)


def _text_of(row: dict[str, str]) -> Text:
    country = (row.get("iso2") or row.get("recipient_codes") or "").split(" ")[0].split(";")[0].strip()
    body = " ".join(row.get(name) or "" for name in ("description", "objective", "sector_name", "sectors", "agency"))
    return Text(
        title=row.get("title") or "",
        body=body,
        language=(row.get("lang") or row.get("lang_guess") or "en")[:2],
        country=country if COUNTRY.match(country) else "",
        donor=(row.get("donor") or row.get("reporting_org") or "")[:60],
        themes=tuple(re.split(r"[;, ]+", row.get("themes") or ""))[:3],
        year=(row.get("start") or row.get("first_year") or "")[:4],
    )


def _activities(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True, recover=True)).getroot()
        for activity in root.iter("iati-activity"):
            titles = ["".join(node.itertext()).strip() for node in activity.findall("title")]
            bodies = ["".join(node.itertext()).strip() for node in activity.findall("description")]
            country = next((node.get("code", "") for node in activity.findall("recipient-country")), "")
            lang = activity.get("{http://www.w3.org/XML/1998/namespace}lang", "en")
            donor = next(("".join(node.itertext()).strip() for node in activity.findall("reporting-org")), "")
            yield Text(titles[0] if titles else "", " ".join(bodies), lang[:2].lower(), country, donor[:60], (), "")


def _demonstration() -> Iterator[Text]:
    for path in sorted((ROOT / "app" / "demonstration").rglob("*.toml")):
        for number, part in enumerate(path.read_text(encoding="utf-8").split("\n\n")):
            yield Text(" ".join(part.split()[:9]), part, "en", ("GH", "SN", "CV")[number % 3], path.stem, (), "2026")


def records(count: int, seed: int = 2011) -> Iterator[Record]:
    """So many records, each different."""
    source = random.Random(seed)
    texts = [text for text in real_texts() if text.title]
    by_language: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        by_language[text.language].append(text.body)
    for number in range(1, count + 1):
        text = source.choice(texts)
        yield _record(number, text, _long_body(text, by_language[text.language], source), source)


def _long_body(text: Text, others: list[str], source: random.Random) -> str:
    wanted, found = source.randint(SHORTEST, LONGEST), text.body.split()
    for _more in range(200):
        if len(found) >= wanted:
            break
        found += source.choice(others).split()
    return " ".join(found[:wanted])


def _record(number: int, text: Text, body: str, source: random.Random) -> Record:
    kind = source.choice(KINDS)
    facets = {
        "theme": text.themes,
        "country": (text.country,) if text.country else (),
        "kind": tuple(source.sample(ASSISTANCE, source.randint(1, 2))),
        "language": (text.language,),
        "donor": (text.donor,) if kind == "programme" and text.donor else (),
        "organisation": (text.donor or "nobody",),
        "status": (source.choice(STATUS),),
        "year": (text.year,) if text.year.isdecimal() else (),
    }
    posted = 738_000 + source.randrange(2_000)
    due = posted + 90 if source.random() < 0.3 else 0
    return Record(number, kind, text.title, body, text.language, facets, posted, due)


def document_of(record: Record, version: int = 1) -> IndexDocument:
    """What the index is told of a record: the same steps as for a record of the site."""
    language = record.language if record.language in STEMMERS else ""
    whole = f"{record.title} \n {record.body}"
    return IndexDocument(
        key=(record.kind, record.number),
        version=version,
        title=tuple(terms(record.title, language)),
        body=tuple(terms(record.body, language)),
        concepts=tuple(sorted({concept.id for concept in concepts_in(whole)})),
        words=tuple(dict.fromkeys(words(whole))),
        facets=record.facets,
        is_public=True,
        posted=record.posted,
        due=record.due,
    )
