"""A program of its own that reads one file and tells its text: it may use so much memory and time, and open nothing.

It is started anew for each file, is given the content on its standard input and answers one line of JSON. It imports
nothing of the site. Whatever happens to it, the site that started it goes on.
"""

from __future__ import annotations

import codecs
import importlib
import io
import json
import pkgutil
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 10
LONGEST_TEXT = 200_000
MOST_PAGES = 500
MOST_PIXELS = 50_000_000
BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")

# Which part of a document holds words, which elements are words, and which end a line. The names are without namespace.
PARTS = {
    "docx": re.compile(r"^word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml$"),
    "xlsx": re.compile(r"^xl/(workbook|sharedStrings|worksheets/sheet\d+)\.xml$"),
    "odt": re.compile(r"^content\.xml$"),
    "ods": re.compile(r"^content\.xml$"),
}
WORDS = {"docx": {"t"}, "xlsx": {"t"}, "odt": {"p", "h"}, "ods": {"p", "h"}}
ENDS = {"docx": {"p", "tab", "br"}, "xlsx": {"si", "is"}, "odt": {"p", "h"}, "ods": {"p", "h"}}
SHEETS = {"xlsx": "sheet", "ods": "table"}


def bound() -> None:
    """Take as much as one file may need, and no more; nothing can be written from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def know_letters() -> None:
    """Have the codecs at hand that files are written in; they too would be looked for on the disk."""
    for name in ("utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp437", "cp1252", "latin-1", "mac-roman", "charmap"):
        codecs.lookup(name)


def shut() -> None:
    """Open no file and no line to anywhere any more: what is needed has been imported."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def reader_of(kind: str) -> Callable[[bytes], dict[str, Any]]:
    """What reads files of this kind, with everything that it needs imported."""
    if kind == "pdf":
        return _pdf_reader()
    if kind in PARTS:
        from lxml import etree  # noqa: PLC0415 - each kind brings its own, and nothing else

        return lambda content: office(kind, content, etree)
    if kind in {"png", "jpg", "jpeg"}:
        return _picture_reader()
    return plain


def _pdf_reader() -> Callable[[bytes], dict[str, Any]]:
    import logging  # noqa: PLC0415

    import pypdf  # noqa: PLC0415

    # The library brings in parts of itself only where a file asks for them, when nothing can be opened any more.
    for module in pkgutil.walk_packages(pypdf.__path__, "pypdf."):
        if "_crypt_" not in module.name:
            importlib.import_module(module.name)
    logging.disable()

    def read(content: bytes) -> dict[str, Any]:
        document = pypdf.PdfReader(io.BytesIO(content), strict=False)
        pages, found = len(document.pages), Gathered()
        for number in range(min(pages, MOST_PAGES)):
            found.add(document.pages[number].extract_text() + "\n")
            if found.is_full:
                break
        return {"text": found.text(), "pages": pages}

    return read


def _picture_reader() -> Callable[[bytes], dict[str, Any]]:
    from PIL import Image, JpegImagePlugin, PngImagePlugin  # noqa: F401, PLC0415

    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None

    def read(content: bytes) -> dict[str, Any]:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                return {"problem": "pixels"}
            picture.verify()
        return {"text": "", "pages": None}

    return read


def plain(content: bytes) -> dict[str, Any]:
    """A plain text or a table of values."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    found = Gathered()
    found.add(text)
    return {"text": found.text(), "pages": None}


def office(kind: str, content: bytes, etree: Any) -> dict[str, Any]:
    """The words of a document, part by part, read as XML that may declare and fetch nothing."""
    found, sheets = Gathered(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in sorted(n for n in archive.namelist() if PARTS[kind].match(n)):
            with archive.open(name) as part:
                for element in _elements(part, etree):
                    sheets += _take(kind, element, found)
                    if found.is_full:
                        break
    return {"text": found.text(), "pages": sheets or None}


def _elements(part: Any, etree: Any) -> Iterator[Any]:
    events = etree.iterparse(part, events=("end",), resolve_entities=False, no_network=True, load_dtd=False)
    for _event, element in events:
        yield element
        # What has been read is let go of, or a large sheet would stand in memory as a whole.
        if element.getparent() is not None and element.tag.rpartition("}")[2] in {"p", "h", "si", "row", "table-row"}:
            element.clear()


def _take(kind: str, element: Any, found: Gathered) -> int:
    """Take the words of an element; 1 where it begins a sheet."""
    if not isinstance(element.tag, str):
        return 0
    name = element.tag.rpartition("}")[2]
    if name == SHEETS.get(kind):
        found.add(next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "name"), "") + "\n")
        return 1
    if name in WORDS[kind]:
        found.add("".join(element.itertext()) if kind in {"odt", "ods"} else element.text or "")
    if name in ENDS[kind]:
        found.add("\n")
    return 0


class Gathered:
    """Text as it comes in, up to as much as is kept."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more is kept."""
        return self._length >= LONGEST_TEXT

    def add(self, text: str) -> None:
        """Take a piece."""
        if text and not self.is_full:
            self._parts.append(text[: LONGEST_TEXT - self._length])
            self._length += len(self._parts[-1])

    def text(self) -> str:
        """All of it, without what no database and no page could hold."""
        whole = "".join(self._parts).replace("\x00", "").encode("utf-8", "replace").decode()
        lines = (BLANKS.sub(" ", line).strip() for line in whole.split("\n"))
        return "\n".join(line for line in lines if line)


def main(kind: str) -> None:
    """Read what comes in, as a file of this kind."""
    bound()
    read = reader_of(kind)
    know_letters()
    content = sys.stdin.buffer.read()
    shut()
    # ASCII alone, so that no half of a letter can be left at the end.
    sys.stdout.write(json.dumps(read(content)))
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
