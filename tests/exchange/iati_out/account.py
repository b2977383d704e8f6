"""An account of every element and attribute of the sources: how often it stands there and in the export, and why.

Counted are the activities that were kept, each once; in the export what the standard asked for and the record does not
have is left out. A narrative counts as the element that it is of, since version 1 writes texts without it.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from app.exchange.iati.own import restore
from app.exchange.iati.values import one_line

ALL = "all of it is kept"
REASONS: dict[str, str] = {
    "contact-info": "people's names and addresses are not taken over from files",
    "location": "places within a country are not kept; the countries and regions are",
    "result": "results of imported activities are not kept",
    "crs-add": "terms of loans are not kept",
    "fss": "forward spending is not kept",
    "legacy-data": "what other systems wrote for themselves is not kept",
    "humanitarian-scope": "emergencies are not kept",
    "country-budget-items": "lines of the recipient's budget are not kept",
    "planned-disbursement": "planned payments of imported activities are not kept",
    "capital-spend": "not kept",
    "budget/@status": "whether it is indicative or committed is not kept",
    "budget/period-start": "an unreadable day is left out, and reported",
    "default-finance-type": "one that is empty or no number of the list is left out",
    "default-flow-type": "one that is empty or no number of the list is left out",
    "default-tied-status": "one that is empty or no number of the list is left out",
    "transaction/@ref": "a publisher's own number of a transaction is not kept",
    "transaction/@humanitarian": "emergencies are not kept",
    "transaction/default-tied-status": "the activity's own is kept; a transaction's is not",
    "@hierarchy": "an empty one says nothing",
    "default-aid-type": "one is kept where there are several, and none of another vocabulary than the OECD DAC's",
    "document-link": "documents are not kept, but for the activity's web page",
    "activity-website": "kept as a document-link of category A12, as version 2 writes it",
    "tag": "tags are not kept",
    "reporting-org": "kept once, as an organisation with one name",
    "participating-org": "kept with role, identifier, type and one name; one without a known role is left out",
    "other-identifier": "kept without its type and its owner",
    "recipient-country": "kept with its share; its name is told by its code",
    "recipient-region": "kept without its share and its name",
    "sector": "kept with its share; its name is told by its code. One that is said twice is kept once",
    "policy-marker": "kept with vocabulary and significance, without its name; one that is said twice is kept once",
    "transaction/provider-org": "the name is kept, or the identifier where there is none",
    "transaction/receiver-org": "the name is kept, or the identifier where there is none",
    "transaction/description": "kept in one language",
    "transaction/value/@value-date": "the day of the transaction stands for it",
    "transaction/flow-type": "the activity's own is kept; a transaction's is not",
    "transaction/finance-type": "the activity's own is kept; a transaction's is not",
    "transaction/aid-type": "the activity's own is kept; a transaction's is not",
    "transaction/tied-status": "the activity's own is kept; a transaction's is not",
    "transaction/disbursement-channel": "not kept",
    "transaction/sector": "kept as the activity's where it has none of its own",
    "transaction/recipient-country": "kept as the activity's where it has none of its own",
    "transaction/recipient-region": "kept as the activity's where it has none of its own",
    "transaction": "one without an amount or a known type is left out, and reported",
    "budget": "one without an amount is left out, and reported",
    "activity-date": "one of each kind is kept; an unreadable one is left out, and reported",
    "conditions": "kept as one text",
    "related-activity": "kept; one that is said twice, or has no reference, is kept once or left out",
    "title": "the first in each language is kept",
    "description": "joined in each language; its type is not kept",
    "activity-status": "where none is stated, one is told from the dates",
    "collaboration-type": "an unknown code is left out, and reported",
    "activity-scope": "an unknown code is left out, and reported",
    "iati-identifier": ALL,
    "@default-currency": "each amount is kept with its own currency",
    "@": "not kept",
}
"""By the beginning of an element's path, the longest that fits."""


@dataclass(frozen=True)
class Line:
    """One element or attribute of the sources."""

    path: str
    source: int
    export: int

    @property
    def reason(self) -> str:
        """What becomes of it."""
        if self.source <= self.export and self.path != "activity-status":
            return ALL
        fitting = [
            begin
            for begin in REASONS
            if self.path == begin or self.path.startswith((f"{begin}/", begin if begin == "@" else "\0"))
        ]
        return REASONS[max(fitting, key=len)] if fitting else "no reason is told"


def account_of(paths: Sequence[Path], export: etree._Element) -> list[Line]:
    """Every path of the sources, by its name."""
    kept = {one_line(each.findtext("iati-identifier")) for each in export.iter("iati-activity")}
    source: Counter[str] = Counter()
    met: set[str] = set()
    for path in paths:
        for activity in etree.parse(path, etree.XMLParser(remove_comments=True, remove_pis=True)).iter("iati-activity"):
            identifier = one_line(activity.findtext("iati-identifier"))
            if identifier in kept and identifier not in met:
                met.add(identifier)
                source.update(paths_in(activity))
    out: Counter[str] = Counter()
    for activity in export.iter("iati-activity"):
        plain = copy.deepcopy(activity)
        restore(plain)
        out.update(paths_in(plain))
    return [Line(path, count, out[path]) for path, count in sorted(source.items())]


def paths_in(activity: etree._Element) -> Iterator[str]:
    """Every element and attribute below an activity, by its path, but for those of other namespaces and empty ones."""
    yield from (f"@{name}" for name in activity.attrib if not str(name).startswith("{"))
    for element in activity.iterdescendants():
        steps = [element, *(up for up in element.iterancestors() if up is not activity)]
        names = [str(step.tag) for step in reversed(steps[: _depth(element, activity)])]
        if any(name.startswith("{") for name in names) or names[-1] == "narrative":
            continue
        path = "/".join(names)
        if not (element.attrib or len(element) or (element.text or "").strip()):
            continue
        yield path
        yield from (
            f"{path}/@{name}" for name, value in element.attrib.items() if not str(name).startswith("{") and value
        )


def _depth(element: etree._Element, activity: etree._Element) -> int:
    depth = 1
    for up in element.iterancestors():
        if up is activity:
            return depth
        depth += 1
    return depth


def left_out(lines: Iterable[Line]) -> list[Line]:
    """Those of which the export has fewer than the sources."""
    return [line for line in lines if line.reason != ALL]


def table(lines: Sequence[Line]) -> str:
    """The account as a table in Markdown: what is not kept whole, line by line, then what is."""
    rows = [f"| `{line.path}` | {line.source:,} | {line.export:,} | {line.reason} |" for line in left_out(lines)]
    whole = ", ".join(f"`{line.path}`" for line in lines if line.reason == ALL)
    head = ["| element | in the sources | in the export | what becomes of it |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, "", f"Kept whole, as often as it stands in the sources or oftener: {whole}."])
