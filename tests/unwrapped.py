"""Finds words for people that stand in a page or a form as they are, so that no catalogue will ever have them.

In a template that is what stands outside {{ }} and {% trans %}, as text or in an attribute that is read out, and a
sentence in an expression that _() has not been asked about. In a form it is a label or a message in plain quotes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.ext import i18n

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"Counterpart", "IATI", "PDF", "CSV", "XML", "JSON", "DAC", "OECD", "UNODC", "EUR", "USD", "ISO", "Word", "Esc"}
READ_OUT = {"aria-label", "aria-description", "placeholder", "title", "alt", "label"}
LETTERS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"^[A-ZÀ-Ý][^\W\d_]+,? [^\W\d_]")
# Parts of addresses, of ids that are put together, and attributes that a block adds.
NO_WORDS = re.compile(r"(?<!\w)/[\w/-]+|[\w-]*\ue000-[\w-]+|\bdata-[\w-]+")
# The page of components is for those who develop, and shows invented records.
FOR_DEVELOPERS = "showcase"
TRANSLATES = {"_", "gettext", "ngettext", "pgettext", "npgettext", "_l", "msg", "pmsg", "N_", "lazy_gettext"}
# What stands for an expression, so that attributes and texts keep their shape.
BLANK = "\ue000"
FORM_CALLS = frozenset(
    """short_text long_text needed picked ValidationError ValueError DataRequired InputRequired Email Length NumberRange
    flash SelectChoice""".split()
)
FORM_WORDS = {"label", "message", "description", "placeholder"}


def unwrapped() -> list[str]:
    """Every such text of the site, with file and line."""
    found: list[str] = []
    for path in site_files("templates", "*.*"):
        where = path.relative_to(ROOT).as_posix()
        found += [f"{where}:{line} {text}" for line, text in in_template(path.read_text(encoding="utf-8"), path.suffix)]
    for path in site_files("app", "*.py"):
        where = path.relative_to(ROOT).as_posix()
        found += [f"{where}:{line} {text}" for line, text in in_code(path.read_text(encoding="utf-8"))]
    return found


def site_files(folder: str, pattern: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob(pattern)) if FOR_DEVELOPERS not in path.parts]


# --- templates ---


def environment() -> Environment:
    return Environment(extensions=[i18n], trim_blocks=False, autoescape=True)


def in_template(source: str, suffix: str = ".html") -> list[tuple[int, str]]:
    """Line and text of what is not wrapped in a template."""
    raw = without_expressions(source)
    if suffix in {".html", ".svg"}:
        reader = Texts()
        reader.feed(raw)
        reader.close()
        found = reader.found
    else:
        found = [(number, line.strip()) for number, line in enumerate(raw.splitlines(), 1) if is_for_people(line)]
    return sorted(found + in_expressions(source))


def without_expressions(source: str) -> str:
    """The template with nothing but its raw text; every expression is one blank, and lines keep their numbers."""
    parts: list[str] = []
    in_trans = False
    statement: list[str] = []
    for _line, kind, text in environment().lex(source):
        breaks = "\n" * text.count("\n")
        if kind == "block_begin":
            statement = []
        elif kind == "name":
            statement.append(text)
        if kind == "data":
            parts.append(breaks if in_trans else text)
            continue
        if kind == "block_end" and statement[:1] in (["trans"], ["endtrans"]):
            in_trans = statement[0] == "trans"
        parts.append((BLANK if kind == "variable_begin" else "") + breaks)
    return "".join(parts)


class Texts(HTMLParser):
    """Reads raw HTML and notes what people would read in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style", "code", "kbd"}
        for name, value in attrs:
            if (name in READ_OUT or name.startswith("data-text")) and value and is_for_people(value):
                self.found.append((self.getpos()[0], f'{name}="{value}"'))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "code", "kbd"}

    def handle_data(self, data: str) -> None:
        if not self.silent and is_for_people(data):
            before = data[: len(data) - len(data.lstrip())].count("\n")
            self.found.append((self.getpos()[0] + before, " ".join(data.replace(BLANK, "…").split())[:90]))


def is_for_people(text: str) -> bool:
    """Whether there are words in it other than names that are the same in every language."""
    return any(word not in NAMES for word in LETTERS.findall(NO_WORDS.sub(" ", text)))


def in_expressions(source: str) -> list[tuple[int, str]]:
    """Sentences in quotes inside expressions, unless _() or the like is asked about them."""
    tree = environment().parse(source)
    asked = {
        id(text)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATES
        for text in call.find_all(nodes.Const)
    }
    return [
        (text.lineno, repr(text.value))
        for text in tree.find_all(nodes.Const)
        if isinstance(text.value, str) and id(text) not in asked and SENTENCE.match(text.value)
    ]


# --- forms and views ---


def in_code(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of labels and messages in plain quotes."""
    if "wtforms" not in source and "foundation.forms" not in source and "foundation.web" not in source:
        return
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for text in _words_of(call, name):
            is_text = isinstance(text, ast.Constant) and isinstance(text.value, str)
            # An error of the program is told in small letters to whoever reads the log.
            if is_text and is_for_people(text.value) and not (name == "ValueError" and text.value[:1].islower()):
                yield text.lineno, f"{name}({text.value!r})"


def _words_of(call: ast.Call, name: str) -> Iterator[ast.expr]:
    """The arguments of a call that people will read."""
    if name.endswith("Field") and name[:1].isupper():
        yield from call.args[:1]
    elif name in FORM_CALLS:
        yield from {"SelectChoice": call.args[1:2], "flash": call.args[:1]}.get(name, call.args[:2])
    elif name == "see":
        yield from call.args[1:2]
    else:
        return
    yield from (keyword.value for keyword in call.keywords if keyword.arg in FORM_WORDS)
    for keyword in call.keywords:
        if keyword.arg == "render_kw" and isinstance(keyword.value, ast.Dict):
            pairs = zip(keyword.value.keys, keyword.value.values, strict=True)
            yield from (value for key, value in pairs if getattr(key, "value", "") in READ_OUT)
