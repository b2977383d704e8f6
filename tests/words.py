"""The catalogues of translations: `python -m tests.words` says what is wrong with them, `--update` gathers sentences.

Sentences are taken from the code (`_`, `_l`, `gettext`, `ngettext`, `msg`, `pmsg`, `N_`) and from the pages. A sentence
whose English changed is a new one: looking for the old one that is nearest took minutes. What stands in a page or a
form without being wrapped is found by tests/unwrapped.py.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from app.foundation.languages import CATALOGUES, LANGUAGES
from tests.unwrapped import FOR_DEVELOPERS, unwrapped

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "msg": None, "pmsg": ((1, "c"), 2), "_l": None, "lazy_gettext": None}
SOURCES = {"app": [("**.py", "python")], "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")]}
# A template that cannot be read is an error, not a page without sentences.
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
SHOWN = 20
PLACE = re.compile(r"%\((\w+)\)[-+ 0#]*\d*(?:\.\d+)?([a-z])")
BRACES = re.compile(r"\{\w*\}")
TAGS = re.compile(r"</?\w+")
# How far numbers are tried to see which of them take a plural form.
NUMBERS = range(200)


def gather() -> Catalog:
    """Every sentence of the site, with the files and lines that it stands in."""
    found = Catalog(project="Counterpart", charset="utf-8", header_comment="# Sentences of Counterpart.")
    for folder, methods in SOURCES.items():
        for name, line, message, comments, context in extract_from_dir(
            ROOT / folder, methods, OPTIONS, KEYWORDS, ["NOTE:"], strip_comment_tags=True
        ):
            if FOR_DEVELOPERS in Path(name).parts:
                continue
            found.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return found


def path_of(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Counterpart", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Bring new sentences into every catalogue; what is translated stays."""
    found = gather()
    for language in languages():
        catalogue = load(language)
        catalogue.update(found, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, catalogue, width=120, include_lineno=False, sort_output=True, omit_header=False)
        print(f"{path_of(language).relative_to(ROOT)}: {len(missing(found, catalogue))} to translate")


def languages() -> list[str]:
    return [language for language in LANGUAGES if language != "en"]


# --- what can be wrong with a catalogue ---


def faults(found: Catalog, catalogue: Catalog) -> dict[str, list[str]]:
    """By what is wrong, the sentences with which it is wrong, each with the place to look at."""
    return {
        "unused, because the head of the catalogue is fuzzy": ["the head"] if catalogue.fuzzy else [],
        "not translated": missing(found, catalogue),
        "in the catalogue, and in no page or code any more": stale(found, catalogue),
        "with places that do not fit": misplaced(found, catalogue),
    }


def missing(found: Catalog, catalogue: Catalog) -> list[str]:
    """Sentences without a translation that somebody has looked at."""
    return [
        located(message, source(message))
        for message in found
        if message.id and not is_whole(catalogue.get(message.id, message.context))
    ]


def is_whole(translated: Message | None) -> bool:
    """Every form has words, and somebody has looked at them."""
    return translated is not None and not translated.fuzzy and all(forms(translated.string))


def stale(found: Catalog, catalogue: Catalog) -> list[str]:
    """Translations of sentences that the site no longer has, kept or commented out."""
    path = str(path_of(str(catalogue.locale)).relative_to(ROOT)) if catalogue.locale else "messages.po"
    known = {key_of(message) for message in found}
    left = [message for message in catalogue if message.id and key_of(message) not in known]
    left += [message for message in catalogue.obsolete.values() if message.id]
    return [located(message, f"{path}:{message.lineno or 1}") for message in left]


def misplaced(found: Catalog, catalogue: Catalog) -> list[str]:
    """Translations that lack a place for a value, have one of their own, or lose a mark of HTML."""
    wrong = []
    for message in found:
        translated = catalogue.get(message.id, message.context) if message.id else None
        if translated is None or not is_whole(translated):
            continue
        where = f"{path_of(str(catalogue.locale)).relative_to(ROOT)}:{translated.lineno or 1}"
        wrong += [f"{located(message, where)} ({why})" for why in misfits(message, translated, catalogue)]
    return wrong


def misfits(message: Message, translated: Message, catalogue: Catalog) -> Iterator[str]:
    """What does not fit in the forms of one translation."""
    yield from (str(error) for error in translated.check(catalogue))
    sources, targets = forms(message.id), forms(translated.string)
    if len(sources) == 1:
        yield from _differences(sources, targets[0], omitted=frozenset())
        return
    for number, target in enumerate(targets):
        # A form for one number alone may say the number in words: one person, two people.
        says_it = frozenset({"num"} if stands_for_one(catalogue, number) else ())
        yield from _differences(sources, target, says_it)


def _differences(sources: Sequence[str], target: str, omitted: frozenset[str]) -> Iterator[str]:
    have = set(PLACE.findall(target))
    given = [set(PLACE.findall(text)) for text in sources]
    may = set.union(*given)
    # The English singular may say the number in words too, so that it is asked of every other form.
    must = {place for place in may if place[0] not in omitted and (place[0] == "num" or all(place in g for g in given))}
    yield from (f"%({name}){kind} is missing" for name, kind in sorted(must - have))
    yield from (f"%({name}){kind} is not in the English" for name, kind in sorted(have - may))
    for what, pattern in (("places in braces", BRACES), ("marks of HTML", TAGS)):
        wanted = [Counter(pattern.findall(source)) for source in sources]
        if Counter(pattern.findall(target)) not in wanted:
            yield f"{what} differ"


def stands_for_one(catalogue: Catalog, form: int) -> bool:
    """Whether this plural form of the catalogue's language is for a single number."""
    rule = plural_rule(get_plural(catalogue.locale).plural_expr)
    return sum(rule(number) == form for number in NUMBERS) == 1


def plural_rule(expression: str) -> Callable[[int], int]:
    """The rule of a .po file, such as (n > 1), as a function."""
    from gettext import c2py  # type: ignore[attr-defined]  # what gettext itself reads catalogues with

    rule: Callable[[int], int] = c2py(expression)
    return rule


def forms(text: str | Sequence[str]) -> Sequence[str]:
    """The singular and the plurals, or the one text."""
    return text if isinstance(text, (list, tuple)) else [str(text or "")]


def key_of(message: Message) -> tuple[str, str | None]:
    return str(forms(message.id)[0]), message.context


def source(message: Message) -> str:
    return "{}:{}".format(*message.locations[0]) if message.locations else "?"


def located(message: Message, where: str) -> str:
    return f"{where} {' '.join(forms(message.id)[0].split())[:90]}"


# --- the command ---


def main(arguments: list[str]) -> int:
    if arguments == ["--update"]:
        update()
        return 0
    found = gather()
    loose = unwrapped()
    tell("without _() or trans", loose)
    failed = bool(loose)
    for language in languages():
        for what, sentences in faults(found, load(language)).items():
            tell(f"{language}: of {len(found)} sentences {what}", sentences)
            failed = failed or bool(sentences)
    print("Run make translate, then mend the .po files." if failed else f"{len(found)} sentences, all translated.")
    return int(failed)


def tell(what: str, sentences: Sequence[str]) -> None:
    if sentences:
        print(f"{what}: {len(sentences)}")
        print("".join(f"  {sentence}\n" for sentence in sentences[:SHOWN]), end="")
        print(f"  ... and {len(sentences) - SHOWN} more\n" * (len(sentences) > SHOWN), end="")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
