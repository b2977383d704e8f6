"""The code lists for programs, each code with its name in the language that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.api.answers import Answer
from app.api.operations import reads
from app.api.shapes import Given
from app.foundation.db import Tx
from app.foundation.languages import LANGUAGES, language_name
from app.foundation.permissions import Permission
from app.foundation.web import NOTHING, current_language, found
from app.reference.codelists import options, purpose_options
from app.reference.countries import country_options
from app.reference.groupings import grouping_options
from app.reference.themes import theme_options

Names = Callable[[str], Sequence[tuple[str, str]]]


def _listed(name: str) -> Names:
    return lambda language: options(name, language)


LISTS: Mapping[str, Names] = {
    "themes": theme_options,
    "countries": country_options,
    "groupings": grouping_options,
    "kinds": _listed("assistance_kinds"),
    "units": _listed("units"),
    "instruments": _listed("instruments"),
    "evaluation-bodies": _listed("evaluation_bodies"),
    "purposes": purpose_options,
    "languages": lambda language: [(code, language_name(code, language)) for code in LANGUAGES],
}


class Code(Given):
    """A code and its name."""

    code: str
    name: str


class Codes(Given):
    """A code list."""

    items: list[Code]


@reads("/codes/<name>", Permission.PUBLIC_READ, NOTHING, Codes, "A code list")
def code_list(tx: Tx, name: str) -> Answer:  # noqa: ARG001 - every operation is given one
    """One list: themes, countries, groupings, kinds, units, instruments, evaluation-bodies, purposes, languages."""
    names = found(LISTS.get(name))(current_language())
    return Answer({"items": [{"code": code, "name": str(text)} for code, text in names]})
