"""Small pieces of a file: an element with its attributes, a text in its languages, an amount, an organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from urllib.parse import quote

from lxml import etree

from app.exchange.iati.own import ADDED, OWN, own
from app.exchange.iati_out.told import Document, Party, Reporter, Texts

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACES: Final = {"counterpart": OWN}
VERSION: Final = "2.03"
NO_LANGUAGE: Final = "und"
"""ISO 639: nobody knows."""

# XML 1.0 has no place for these at all, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*")
_STAYS_IN_ADDRESS = "%/:=&?~#+!$,;'@()*"
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_PDF = "application/pdf"
_HTML = "text/html"


def clean(text: str) -> str:
    """The text without what XML has no place for, and without white space round it."""
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def put(
    parent: etree._Element, tag: str, text: str = "", own_said: Mapping[str, str] | None = None, **attributes: str
) -> etree._Element:
    """Add an element. Attributes are written with `_` for `-` and left out where empty.

    `own_said` is what the record says where an attribute is there for the standard's sake: empty for nothing.
    """
    element = etree.SubElement(parent, tag)
    if text:
        element.text = clean(text)
    for name, value in attributes.items():
        if value:
            element.set(name.rstrip("_").replace("_", "-"), clean(value))
    for name, value in (own_said or {}).items():
        element.set(own(name), clean(value))
    return element


def added(element: etree._Element) -> etree._Element:
    """Mark an element as one that the record does not have."""
    element.set(ADDED, "true")
    return element


def language_of(code: str) -> str:
    """A code as XML takes it for a language; `und` where it is none."""
    return code if _LANGUAGE.fullmatch(code) else NO_LANGUAGE


def say(parent: etree._Element, texts: Texts) -> bool:
    """Add a text in each of its languages; whether there was any."""
    told = False
    for language, text in texts.items():
        words = clean(text)
        if words:
            narrative = etree.SubElement(parent, "narrative")
            narrative.set(XML_LANG, language_of(language))
            narrative.text = words
            told = True
    return told


def say_plainly(parent: etree._Element, text: str, language: str = "") -> None:
    """Add a text in the language of the activity, or in its own."""
    words = clean(text)
    if words:
        narrative = etree.SubElement(parent, "narrative")
        narrative.text = words
        if language:
            narrative.set(XML_LANG, language_of(language))


def number(value: Decimal) -> str:
    """A number as XML writes one: no exponent, no idle decimals."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(value: datetime) -> str:
    """A moment in UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def put_date(parent: etree._Element, tag: str, day: date | None) -> None:
    """A day, where there is one."""
    if day is not None:
        put(parent, tag, iso_date=day.isoformat())


def put_reporter(parent: etree._Element, reporter: Reporter) -> None:
    """Whose activity it is."""
    said = {} if reporter.knows_type else {"type": ""}
    element = put(parent, "reporting-org", own_said=said, ref=reporter.ref, type=reporter.type)
    if not say(element, reporter.names):
        say_plainly(element, reporter.ref)


def put_party(parent: etree._Element, tag: str, party: Party | None, activity: str = "activity-id") -> None:
    """Another organisation, if it has a name or an identifier; `activity` is what its activity is called there."""
    if party is None or not (clean(party.name) or clean(party.ref)):
        return
    element = put(parent, tag, ref=party.ref, type=party.type, role=party.role if tag == "participating-org" else "")
    if clean(party.activity):
        element.set(activity, clean(party.activity))
    say_plainly(element, party.name, party.language)


def put_document(parent: etree._Element, document: Document) -> None:
    """A page or a document on the web."""
    form = _PDF if document.url.lower().split("?")[0].endswith(".pdf") else _HTML
    element = put(parent, "document-link", url=web_address(document.url), format=form)
    if not say(put(element, "title"), document.titles):
        say_plainly(element[0], document.url)
    put(element, "category", code=document.category)
    if document.language:
        put(element, "language", code=document.language)


def web_address(url: str) -> str:
    """An address with nothing in it that has no place there."""
    address = _NO_ESCAPE.sub("%25", quote(clean(url), safe=_STAYS_IN_ADDRESS))
    before, fragment, after = address.partition("#")
    return before + fragment + after.replace("#", "%23")
