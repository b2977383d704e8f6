"""What our own files say beside the standard, and how such a file is read back as the record that it was written from.

The standard asks for things that a record may not have: a start, a place, shares that come to 100. What was put into a
file for its sake alone carries a mark of ours, and what the standard has no room for stands in elements of ours at the
end of an activity. Whoever does not know them reads a valid file; this site reads exactly what the record said.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

OWN: Final = "urn:counterpart:iati"
"""The namespace of our marks, the same on every site, so that one reads the files of another."""

_OWN_NAME: Final = f"{{{OWN}}}"
ADDED: Final = f"{_OWN_NAME}added"
"""An element that the record does not have; the standard asks for it."""
VOCABULARY: Final = f"{_OWN_NAME}vocabulary"
"""Whose words a sector, a tag or a region is: `theme` or `grouping`."""
THEME: Final = f"{_OWN_NAME}theme"
GROUPING: Final = f"{_OWN_NAME}grouping"
TEXT: Final = f"{_OWN_NAME}text"
"""The element's own words, where the standard does not let them stand."""
NOT_ATTRIBUTES: Final = frozenset({ADDED, VOCABULARY, TEXT})


def own(name: str) -> str:
    """A name in our namespace: of an attribute, what the record says instead of the attribute of that name."""
    return f"{_OWN_NAME}{name}"


def restore(activity: etree._Element) -> None:
    """Turn an activity that this site wrote back into what its record says; any other is left as it is."""
    if OWN not in _namespaces(activity):
        return
    for element in list(activity.iterdescendants()):
        if element.get(ADDED) is not None:
            _remove(element)
        elif element.get(VOCABULARY) in {"theme", "grouping"}:
            element.tag = own(str(element.get(VOCABULARY)))
        else:
            _restore(element)


def _namespaces(activity: etree._Element) -> set[str]:
    return set(activity.nsmap.values())


def _restore(element: etree._Element) -> None:
    if str(element.tag).startswith(_OWN_NAME):
        element.tag = str(element.tag).removeprefix(_OWN_NAME)
    if element.get(TEXT) is not None:
        element.text = element.get(TEXT)
    for name in [str(name) for name in element.attrib if str(name).startswith(_OWN_NAME)]:
        if name in NOT_ATTRIBUTES:
            continue
        plain, said = name.removeprefix(_OWN_NAME), element.get(name)
        if said:
            element.set(plain, said)
        else:
            element.attrib.pop(plain, "")


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
