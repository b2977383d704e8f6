"""The catalogues of translations: `python -m tests.words` says what is missing, `--update` gathers new sentences.

Sentences are taken from the code (`_`, `_l`, `gettext`, `ngettext`, `msg`, `pmsg`, `N_`) and from the pages. A sentence
whose English changed comes back as fuzzy, and counts as missing until somebody has looked at it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.foundation.languages import CATALOGUES, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "msg": None, "pmsg": ((1, "c"), 2), "_l": None, "lazy_gettext": None}
SOURCES = {"app": [("**.py", "python")], "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")]}
# A template that cannot be read is an error, not a page without sentences.
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
SHOWN = 5


def gather() -> Catalog:
    """Every sentence of the site, with the files that it stands in."""
    found = Catalog(project="Counterpart", charset="utf-8", header_comment="# Sentences of Counterpart.")
    for folder, methods in SOURCES.items():
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / folder, methods, OPTIONS, KEYWORDS, ["NOTE:"], strip_comment_tags=True
        ):
            found.add(message, None, [(f"{folder}/{name}", 1)], auto_comments=comments, context=context)
    return found


def path_of(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Counterpart")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Bring new sentences into every catalogue; what is translated stays."""
    found = gather()
    for language in languages():
        catalogue = load(language)
        catalogue.update(found, no_fuzzy_matching=False)
        catalogue.obsolete.clear()
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, catalogue, width=120, include_lineno=False, sort_output=True, omit_header=False)
        print(f"{path_of(language).relative_to(ROOT)}: {len(missing(found, catalogue))} to translate")


def languages() -> list[str]:
    return [language for language in LANGUAGES if language != "en"]


def missing(found: Catalog, catalogue: Catalog) -> list[str]:
    """Sentences without a translation that somebody has looked at, and those whose places do not fit."""
    faults = []
    for message in found:
        if not message.id:
            continue
        translated = catalogue.get(message.id, message.context)
        if translated is None or not is_whole(translated) or translated.fuzzy:
            faults.append(one_line(message))
        else:
            faults += [f"{one_line(message)} ({error})" for error in translated.check(catalogue)]
    return faults


def is_whole(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(texts)


def one_line(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return " ".join(text.split())[:90]


def main(arguments: list[str]) -> int:
    if arguments == ["--update"]:
        update()
        return 0
    found = gather()
    failed = 0
    for language in languages():
        faults = missing(found, load(language))
        if faults:
            failed = 1
            print(f"{language}: {len(faults)} of {len(found)} sentences are not translated, among them:")
            print("".join(f"  {fault}\n" for fault in faults[:SHOWN]), end="")
    print("Run make translate, then fill in the .po files." if failed else f"{len(found)} sentences, all translated.")
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
