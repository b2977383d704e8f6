"""The organisations of an activity: who reports it, funds it, answers for it and carries it out."""

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from app.exchange.iati.activity import Party
from app.exchange.iati.codes import ORGANISATION_TYPES, ROLES
from app.exchange.iati.texts import first_texts
from app.exchange.iati.values import Scope, one_line, read_code, read_kind


def read_reporting(activity: etree._Element, scope: Scope) -> Party:
    """The organisation that reports the activity; empty, with a note, when none is named."""
    elements = list(activity.iterchildren("reporting-org"))
    if elements:
        # Version 1 repeats the element for a second language, so only one of the same
        # reference adds its name.
        ref = one_line(elements[0].get("ref"))
        same = [element for element in elements if one_line(element.get("ref")) == ref]
        party = Party(ref, first_texts(same, scope), _type(elements[0], scope))
        if party.name:
            return party
    scope.notes.add("no_reporting_org", elements[0] if elements else activity)
    return Party("", {})


def read_participants(activity: etree._Element, scope: Scope) -> tuple[Party, ...]:
    """The participating organisations that have a name or a reference, and a known role."""
    found: list[Party] = []
    alike: dict[tuple[str, str | None], list[Party]] = defaultdict(list)
    for party in _participants(activity, scope):
        same = alike[party.ref, party.role]
        if not _gives_second_language(same, party) and party not in same:
            same.append(party)
            found.append(party)
    return tuple(found)


def _participants(activity: etree._Element, scope: Scope) -> Iterator[Party]:
    for element in activity.iterchildren("participating-org"):
        ref = one_line(element.get("ref"))
        names = first_texts([element], scope)
        if not ref and not names:
            continue
        role = read_kind(ROLES, element.get("role"), element, scope.notes, "role")
        if role:
            yield Party(ref, names, _type(element, scope), role)


def _gives_second_language(same: list[Party], party: Party) -> bool:
    # Version 1 repeats the whole element with another xml:lang, so the name joins the party
    # that is already there.
    if not party.ref or not party.names:
        return False
    for other in same:
        if other.names and not other.names.keys() & party.names.keys():
            other.names.update(party.names)
            return True
    return False


def _type(element: etree._Element, scope: Scope) -> str | None:
    raw = element.get("type")
    return read_code(ORGANISATION_TYPES, raw, element, scope.notes, "organisation_type")
