"""The lists of lessons and outputs: what their address asks for, the choices beside them, and the filters in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.foundation.db import Tx
from app.foundation.kept.lists import Wanted
from app.foundation.listing import Asked, Known, Words, beside, read_address
from app.foundation.messages import Message, msg
from app.foundation.paging import Page
from app.foundation.web import actor, gettext, now, request
from app.lessons import rules
from app.lessons.library.counted import LISTS
from app.lessons.library.queries import COLUMN_FACETS, FACETS, SORTS, STANDINGS, Filters
from app.reference.codelists import codelist
from app.reference.countries import countries
from app.reference.themes import themes

STANDING_NAMES: Mapping[str, Message] = {
    "best_practice": msg("Best practice"),
    "contradicted": msg("Contradicted"),
    "uncontradicted": msg("Not contradicted"),
}
OWN: Mapping[str, Mapping[str, Message]] = {
    "verdict": {code: name for code, (name, _colour) in rules.VERDICTS.items()},
    "status": {code: rules.STATUS_NAMES[code][0] for code in ("validated", "submitted")},
    "standing": STANDING_NAMES,
    "evidence": rules.EVIDENCE,
    "criterion": rules.CRITERIA,
    "stage": rules.STAGES,
    "nature": rules.KINDS,
    "audience": rules.AUDIENCES,
    "output_kind": rules.OUTPUT_KINDS,
}
"""What names the codes of facets that are lists of our own."""
SORT_NAMES: Mapping[str, Message] = {
    "known": msg("Best known first"),
    "evidence": msg("Strongest evidence first"),
    "newest": msg("Newest first"),
    "title": msg("By title"),
}
LONGEST_CODE = 3
KNOWN: Known = {
    "verdict": lambda code: code in rules.VERDICTS,
    "status": lambda code: code in OWN["status"],
    "standing": lambda code: code in STANDINGS,
    "output_kind": lambda code: code in rules.OUTPUT_KINDS,
    "theme": lambda code: code in themes(),
    "country": lambda code: code in countries(),
    "kind": lambda code: code in codelist("assistance_kinds"),
    "evidence": lambda code: code in rules.EVIDENCE,
    "criterion": lambda code: code in rules.CRITERIA,
    "stage": lambda code: code in rules.STAGES,
    "audience": lambda code: code in rules.AUDIENCES,
    "nature": lambda code: code in rules.KINDS,
    "language": lambda code: code.isalpha() and code.isascii() and len(code) <= LONGEST_CODE,
}


def facets_of(model: type[Any]) -> tuple[str, ...]:
    """The facets of a list, in the order in which they stand."""
    kind = model.record_kind
    standing = {"standing"} if kind == "lesson" else set()
    return tuple(name for name in KNOWN if name in {*FACETS[kind], *COLUMN_FACETS[kind], *standing})


def read(model: type[Any], endpoint: str = "") -> Asked:
    """What the address of the list asks for; the address of another page may ask the same."""
    kind = model.record_kind
    return read_address(
        endpoint or f"{kind}s.index", request.args, {name: KNOWN[name] for name in facets_of(model)}, SORTS[kind]
    )


def filters_of(asked: Asked) -> Filters:
    """The same for the database."""
    return Filters(words=asked.words, **asked.chosen)


def words(model: type[Any]) -> Words:
    """How the list speaks."""
    titles = {
        "q": gettext("Words"),
        "verdict": gettext("How it went"),
        "status": gettext("Validation"),
        "standing": gettext("What others say"),
        "output_kind": gettext("What it is"),
        "theme": gettext("Theme"),
        "country": gettext("Country"),
        "kind": gettext("Kind of assistance"),
        "evidence": gettext("Evidence"),
        "criterion": gettext("Criterion"),
        "stage": gettext("Stage"),
        "audience": gettext("To be read by"),
        "nature": gettext("Kind of lesson"),
        "language": gettext("Language"),
    }
    return Words(titles, OWN, {sort: SORT_NAMES[sort] for sort in SORTS[model.record_kind]})


def drawn_beside(tx: Tx, model: type[Any], asked: Asked) -> dict[str, Any]:
    """What stands beside the list, with how many records each choice would leave."""
    counts = LISTS[model.record_kind].counts(tx, actor(), filters_of(asked), now().date())
    return beside(asked, counts, words(model))


def page_of(tx: Tx, model: type[Any], asked: Asked) -> Page[Any]:
    """The page of the list that the address asks for."""
    wanted = Wanted(filters_of(asked), request.args.get("page"), now().date(), asked.sort, asked.size)
    return LISTS[model.record_kind].page(tx, actor(), wanted)
