"""The lists of lessons and outputs: what their address asks for, the choices beside them, and the filters in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.foundation.db import Tx
from app.foundation.listing import Asked, Known, Words, beside, read_address
from app.foundation.messages import Message, msg
from app.foundation.web import actor, gettext, request
from app.lessons import rules
from app.lessons.queries import COLUMN_FACETS, FACETS, SORTS, Filters, column_counts, tag_counts
from app.reference.codelists import codelist
from app.reference.countries import countries
from app.reference.themes import themes

OWN: Mapping[str, Mapping[str, Message]] = {
    "verdict": {code: name for code, (name, _colour) in rules.VERDICTS.items()},
    "output_kind": rules.OUTPUT_KINDS,
}
"""What names the codes of facets that are lists of our own."""
SORT_NAMES: Mapping[str, Message] = {
    "validated": msg("Validated first"),
    "evidence": msg("Strongest evidence first"),
    "newest": msg("Newest first"),
    "title": msg("By title"),
}
LONGEST_CODE = 3
KNOWN: Known = {
    "verdict": lambda code: code in rules.VERDICTS,
    "output_kind": lambda code: code in rules.OUTPUT_KINDS,
    "theme": lambda code: code in themes(),
    "country": lambda code: code in countries(),
    "kind": lambda code: code in codelist("assistance_kinds"),
    "language": lambda code: code.isalpha() and code.isascii() and len(code) <= LONGEST_CODE,
}


def facets_of(model: type[Any]) -> tuple[str, ...]:
    """The facets of a list, in the order in which they stand."""
    return tuple(name for name in KNOWN if name in FACETS or name in COLUMN_FACETS[model.record_kind])


def read(model: type[Any]) -> Asked:
    """What the address of the list asks for."""
    kind = model.record_kind
    return read_address(f"{kind}s.index", request.args, {name: KNOWN[name] for name in facets_of(model)}, SORTS[kind])


def filters_of(asked: Asked) -> Filters:
    """The same for the database."""
    return Filters(words=asked.words, **asked.chosen)


def words(model: type[Any]) -> Words:
    """How the list speaks."""
    titles = {
        "q": gettext("Words"),
        "verdict": gettext("How it went"),
        "output_kind": gettext("What it is"),
        "theme": gettext("Theme"),
        "country": gettext("Country"),
        "kind": gettext("Kind of assistance"),
        "language": gettext("Language"),
    }
    return Words(titles, OWN, {sort: SORT_NAMES[sort] for sort in SORTS[model.record_kind]})


def drawn_beside(tx: Tx, model: type[Any], asked: Asked) -> dict[str, Any]:
    """What stands beside the list, with how many records each choice would leave."""
    filters = filters_of(asked)
    counts = {name: tag_counts(tx, actor(), model, filters, name) for name in FACETS}
    counts |= {name: column_counts(tx, actor(), model, filters, name) for name in COLUMN_FACETS[model.record_kind]}
    return beside(asked, counts, words(model))
