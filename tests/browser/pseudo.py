"""A language of nothing but marks: each sentence of the site in brackets, accented, and some forty per cent longer.

What stands on a page outside the brackets has not been wrapped for translation; what no longer fits its place will
not fit in some real language either. The code is Esperanto's: Babel knows its numbers, dates and countries, the site
does not speak it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from app.foundation.languages import LANGUAGES
from app.reference.codelists import codelist
from tests import words

LANGUAGE = "eo"
OPEN, CLOSE = "⟦", "⟧"
ACCENTS = str.maketrans("aeioucnyAEIOUCNY", "áéíöüçñýÁÉÍÖÜÇÑÝ")
LONGER = 0.4
FILL = "ön lëngér wörds thän yöü thïnk ".split()
# Places for values, tags and entities stay as they are.
KEPT = re.compile(r"%\(\w+\)[-+ 0#]*\d*(?:\.\d+)?[a-z]|%%|\{\w*\}|<[^<>]+>|&\w+;")
LETTERS = re.compile(r"[^\W\d_]{2,}")


def marked(sentence: str) -> str:
    """The sentence in brackets, accented and longer; its places are kept."""
    parts = []
    end = 0
    for place in KEPT.finditer(sentence):
        parts += [sentence[end : place.start()].translate(ACCENTS), place.group()]
        end = place.end()
    parts.append(sentence[end:].translate(ACCENTS))
    return f"{OPEN}{''.join(parts)}{filling(len(KEPT.sub('', sentence)))}{CLOSE}"


def filling(length: int) -> str:
    """Words that make a text of that length some forty per cent longer."""
    wanted, text = max(1, round(length * LONGER)), ""
    while len(text) < wanted:
        text += " " + FILL[len(text) % len(FILL)]
    return text[:wanted].rstrip() or "."


def catalogue() -> Catalog:
    """Every sentence of the site, marked."""
    made = Catalog(locale=LANGUAGE)
    for message in words.gather():
        if message.id:
            forms = message.id if isinstance(message.id, (list, tuple)) else [message.id]
            texts = [marked(form) for form in forms]
            made.add(message.id, texts if len(forms) > 1 else texts[0], context=message.context)
    return made


def write(folder: Path) -> Path:
    """A folder of catalogues: those of the site, and the pseudo-language's."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in words.CATALOGUES.iterdir():
        if language.is_dir() and not (folder / language.name).exists():
            (folder / language.name).symlink_to(language)
    path = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue())
    return folder


# --- what may stand outside the brackets ---

NAMES = frozenset({"Counterpart", "IATI", "PDF", "CSV", "XML", "JSON", "DAC", "OECD", "UNODC"})
CODES = re.compile(
    r"""\b[A-Z]{1,2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b  # references
    | \b[A-Z]{3}\b(?=\s*[\d.,]|\s*$) | (?<=\d)[\s ]*[A-Z]{3}\b  # currencies beside an amount
    | \b[\w.+-]+@[\w.-]+\b | \bhttps?://\S+ | \b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,7}\b  # addresses, hosts, files
    | \b[A-Z]{2}-[A-Z0-9-]+\b | \bUTC\b  # identifiers""",
    re.VERBOSE,
)
TIME_ZONES = re.compile(r"\b(?!Asia/Pacific Group)(?:Africa|America|Asia|Atlantic|Europe|Indian|Pacific)(?:/\w+)+\b")


@cache
def known_names() -> re.Pattern[str]:
    """Names that come from CLDR and from the code lists, in the pseudo-language or in English; longest first."""
    names = NAMES | set(LANGUAGES.values())
    for locale in (Locale.parse(LANGUAGE), Locale.parse("en")):
        names |= {str(name) for kind in (locale.territories, locale.currencies) for name in kind.values()}
        names |= {str(name) for name in locale.languages.values()}
        for calendar in (locale.months, locale.days):
            names |= {name for width in calendar["format"].values() for name in width.values()}
            names |= {name for width in calendar["stand-alone"].values() for name in width.values()}
    for path in sorted((Path(words.ROOT) / "app" / "reference" / "data").glob("*.csv")):
        if path.stem not in {"memberships", "countries"}:
            for entry in codelist(path.stem).values():
                names |= {
                    entry.code,
                    entry.name("en"),
                    entry.more.get("description_en", ""),
                    *(v for k, v in entry.more.items() if k.startswith("acronym")),
                }
    return any_of(names)


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Finds each of the names as a whole; the longest that fits."""
    long_enough = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in long_enough) + r")(?!\w)")


@cache
def date_words() -> re.Pattern[str]:
    """What the language writes between the parts of a date and of a list: the 3-a de marto, Peru kaj Senegal."""
    return re.compile(r"(?<=\d)-a\b|\bde\b|\bkaj\b|\bla\b|\baŭ\b|\bkurta\b")


def unmarked(text: str, somebodys: re.Pattern[str] | None = None) -> str:
    """What of a text stands outside the brackets and is neither a name, a date, a number nor a code.

    `somebodys` are further words that may stand there: those that people have written.
    """
    outside = outside_brackets(text)
    if somebodys:
        outside = somebodys.sub(" ", outside)
    for pattern in (TIME_ZONES, known_names(), CODES, date_words()):
        outside = pattern.sub(" ", outside)
    return " ".join(outside.split()) if LETTERS.search(outside) else ""


def outside_brackets(text: str) -> str:
    """The text without what is in brackets; brackets may stand in each other."""
    depth = list(chain([0], _depths(text)))
    return "".join(
        c for c, (before, after) in zip(text, pairwise(depth), strict=True) if before == after == 0 and c != CLOSE
    )


def _depths(text: str) -> list[int]:
    depth, seen = 0, []
    for character in text:
        depth = depth + 1 if character == OPEN else max(0, depth - 1) if character == CLOSE else depth
        seen.append(depth)
    return seen
