"""The words of an activity in its languages: titles, descriptions and names of organisations.

Version 2 puts each language in a ``<narrative>``; version 1 repeats the element. Both are read.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator

from lxml import etree

from app.exchange.iati.values import Scope, language_of, one_line

_BLANK_LINES = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\s*(?:[-*•·–]\s|\(?\w{1,3}[.)]\s)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s|\n")
_LONGEST_TITLE = 200

# Some publishers paste the HTML of their own site into a text; its marks would be shown as they
# stand, so those that part paragraphs become blank lines and the others go.
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table)\b[^<>]{0,200}>", re.IGNORECASE)
_MARK = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|sup|sub|td|th|tbody)\b[^<>]{0,200}>", re.IGNORECASE)
_MOST_ESCAPES = 5
_CHARACTER = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6});")


def paragraphs(raw: str) -> str:
    """The text with its paragraphs and lists kept and all other white space made one space."""
    blocks = (_block(part) for part in _BLANK_LINES.split(raw.replace("\r", "\n")))
    return "\n\n".join(block for block in blocks if block)


def _block(raw: str) -> str:
    # A line break inside a paragraph is most often the publisher's indenting, so it becomes a
    # space, except before what looks like the next item of a list.
    lines: list[str] = []
    for line in raw.splitlines():
        text = one_line(line)
        if lines and text and not _ITEM.match(line):
            lines[-1] = f"{lines[-1]} {text}"
        elif text:
            lines.append(text)
    return "\n".join(lines)


def without_markup(raw: str) -> str:
    """The text without the HTML a publisher left in it.

    Some escape it more than once, so that taking it away lays bare more of it.
    """
    for _time in range(_MOST_ESCAPES):
        before = raw
        if "<" in raw:
            raw = _MARK.sub("", _BREAK.sub("\n\n", raw))
        if "&" in raw:
            raw = _CHARACTER.sub(lambda match: html.unescape(match[0]), raw)
        if raw == before:
            break
    return raw


def first_sentence(text: str) -> str:
    """The first sentence of a description, cut at a word when it passes 200 characters."""
    sentence = _SENTENCE_END.split(text, maxsplit=1)[0]
    if len(sentence) <= _LONGEST_TITLE:
        return sentence
    return sentence[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def own_text(element: etree._Element) -> str:
    """All text of an element but that of children in other namespaces, as written."""
    parts = [element.text or ""]
    for child in element:
        # The tag of a comment is a function, whatever the types of the library say.
        if isinstance(child.tag, str) and not child.tag.startswith("{"):  # type: ignore[redundant-expr]
            parts.append(own_text(child))
        parts.append(child.tail or "")
    return " ".join(parts) if len(parts) > 1 else parts[0]


def narratives(element: etree._Element, scope: Scope) -> Iterator[tuple[str, str]]:
    """Each language of an element with its text as written, in the order of the file."""
    language = language_of(element, scope.language, scope.notes)
    told = False
    for narrative in element.iterchildren("narrative") if len(element) else ():
        text = own_text(narrative)
        if text.strip():
            told = True
            yield language_of(narrative, language, scope.notes), without_markup(text)
    if not told:
        yield language, without_markup(own_text(element))


def first_texts(
    elements: Iterable[etree._Element],
    scope: Scope,
    clean: Callable[[str], str] = one_line,
) -> dict[str, str]:
    """The first text in every language over some elements; empty ones do not count."""
    found: dict[str, str] = {}
    for element in elements:
        for language, raw in narratives(element, scope):
            text = clean(raw)
            if text:
                found.setdefault(language, text)
    return found


def joined_texts(elements: Iterable[etree._Element], scope: Scope) -> dict[str, str]:
    """All texts of some elements per language, a blank line between them, repeats once."""
    found: dict[str, list[str]] = {}
    for element in elements:
        for language, raw in narratives(element, scope):
            text = paragraphs(raw)
            if text and text not in found.setdefault(language, []):
                found[language].append(text)
    return {language: "\n\n".join(texts) for language, texts in found.items() if texts}


def chosen(texts: dict[str, str], language: str) -> str:
    """The text in the activity's language, else the first there is, else nothing."""
    return texts.get(language) or next(iter(texts.values()), "")
