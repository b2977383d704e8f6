"""Reads a page once, from top to bottom, and notes what an inspector wants to know about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
CONTROLS = frozenset({"input", "select", "textarea"})
# Inputs that have no label: nobody sees them, or their value is what one reads.
SELF_NAMED = frozenset({"hidden", "submit", "button", "reset"})
ENDS_A_PARAGRAPH = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav "
    "ol p pre section table ul".split()
)
NOT_IN_ITSELF = frozenset({"a", "button", "form", "label"})
POINTING = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")


@dataclass
class Control:
    """A field that people fill in."""

    tag: str
    id: str
    name: str
    in_label: bool
    named_otherwise: bool

    def describe(self) -> str:
        return f"<{self.tag} name={self.name!r} id={self.id!r}>"


@dataclass
class FormSeen:
    """A form and the names of what it sends."""

    action: str
    method: str
    names: set[str] = field(default_factory=set)


@dataclass
class Open:
    """An element that has been opened; `has_name` once it has a name or holds something to read.

    `holds` something to read: then all it is in does so too.
    """

    tag: str
    line: int
    has_name: bool = False
    holds: bool = False


class Outline(HTMLParser):
    """What a page is made of, and in `faults` what is wrong with how it is written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.stack: list[Open] = []
        self.open_now: Counter[str] = Counter()
        self.headings: list[str] = []
        self.title = ""
        self.language = ""
        self.ids: set[str] = set()
        self.labels_for: set[str] = set()
        self.controls: list[Control] = []
        self.forms: list[FormSeen] = []
        self.references: list[tuple[str, str]] = []
        self.nameless: list[str] = []

    @classmethod
    def of(cls, text: str) -> Outline:
        outline = cls()
        outline.feed(text)
        outline.close()
        outline.faults += [f"<{element.tag}> of line {element.line} is never closed" for element in outline.stack]
        return outline

    def is_inside(self, tag: str) -> bool:
        return self.open_now[tag] > 0

    def _enter(self, element: Open) -> None:
        self.stack.append(element)
        self.open_now[element.tag] += 1

    def _leave(self) -> Open:
        element = self.stack.pop()
        self.open_now[element.tag] -= 1
        return element

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        self._check_place(tag, line)
        self._check_attributes(tag, attrs, line)
        self._note(tag, given, line)
        if tag not in VOID:
            self._enter(Open(tag, line, bool(given.get("aria-label") or given.get("aria-labelledby"))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in VOID:
            return
        if not self.is_inside("svg"):
            self.faults.append(f"<{tag}/> in line {self.getpos()[0]} closes itself, which only SVG may")
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        line = self.getpos()[0]
        if not self.stack or self.stack[-1].tag != tag:
            self.faults.append(f"</{tag}> in line {line} closes <{self.stack[-1].tag if self.stack else 'nothing'}>")
            if not self.is_inside(tag):
                return
            while self.stack[-1].tag != tag:
                self._leave()
        element = self._leave()
        if tag in {"a", "button", "summary"} and not element.has_name:
            self.nameless.append(f"<{tag}> of line {element.line}")

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        if self.stack and self.stack[-1].tag == "title" and not self.is_inside("svg"):
            self.title += data
        self._name_what_is_open()

    def _name_what_is_open(self) -> None:
        for element in reversed(self.stack):
            if element.holds:
                return
            element.has_name = element.holds = True

    def _check_place(self, tag: str, line: int) -> None:
        if tag in ENDS_A_PARAGRAPH and self.stack and self.stack[-1].tag == "p":
            self.faults.append(f"<{tag}> in line {line} ends a <p>")
        if tag in NOT_IN_ITSELF and self.is_inside(tag):
            self.faults.append(f"<{tag}> in line {line} is inside another")

    def _check_attributes(self, tag: str, attrs: list[tuple[str, str | None]], line: int) -> None:
        names = [name for name, _value in attrs]
        if len(set(names)) < len(names):
            twice = [name for name in set(names) if names.count(name) > 1]
            self.faults += [f"{name} is given twice on <{tag}> in line {line}" for name in twice]
        handlers = [name for name in names if name.startswith("on") or name == "style"]
        self.faults += [f"{name}= on <{tag}> in line {line}: the browser will refuse it" for name in handlers]
        if tag == "style":
            self.faults.append(f"<style> in line {line}: the browser will refuse it")
        if tag == "script" and not dict(attrs).get("nonce"):
            self.faults.append(f"<script> without nonce in line {line}: the browser will refuse it")
        if tag == "img" and "alt" not in names:
            self.faults.append(f"<img> without alt in line {line}")

    def _note(self, tag: str, given: dict[str, str], line: int) -> None:
        if tag == "html":
            self.language = given.get("lang", "")
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(tag)
        if tag == "form":
            self.forms.append(FormSeen(given.get("action", ""), given.get("method", "get").lower()))
        if tag == "label" and "for" in given:
            self.labels_for.add(given["for"])
        if given.get("alt") or (self.is_inside("svg") and given.get("aria-label")):
            self._name_what_is_open()
        self._note_id(given, line)
        self._note_control(tag, given)

    def _note_id(self, given: dict[str, str], line: int) -> None:
        name = given.get("id")
        if name is not None and not self.is_inside("template"):
            if name in self.ids or not name or " " in name:
                self.faults.append(f"id={name!r} in line {line} is empty, has a space, or was given before")
            self.ids.add(name)
        if not self.is_inside("template"):
            self.references += [(target, a) for a in POINTING if a in given for target in given[a].split()]

    def _note_control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if self.forms and self.is_inside("form") and name:
            self.forms[-1].names.add(name)
        if tag not in CONTROLS or given.get("type") in SELF_NAMED or self.is_inside("template"):
            return
        named_otherwise = bool(given.get("aria-label") or given.get("aria-labelledby"))
        self.controls.append(Control(tag, given.get("id", ""), name, self.is_inside("label"), named_otherwise))
