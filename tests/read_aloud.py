"""A PDF as a program hears it that reads it aloud: the tree of what stands on it, and whether anything is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader


@dataclass(frozen=True)
class Thing:
    """One thing of the tree: what it is, what is told of it, its parts, and by which marks pages speak of it."""

    kind: str
    told: dict[str, Any]
    parts: tuple[Thing, ...]
    marks: tuple[int, ...]
    page: Any

    def below(self) -> list[Thing]:
        """All its parts, in the order in which they are read."""
        return [one for part in self.parts for one in (part, *part.below())]


def tree_of(pdf: bytes) -> Thing:
    """The document as a thing."""
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    return _thing(root["/K"][0])


def _thing(found: Any) -> Thing:
    one = found.get_object()
    parts = [part for part in one.get("/K", []) if not isinstance(part, int)]
    for part in parts:
        assert part.get_object()["/P"].get_object() == one
    told = {name: one[name] for name in ("/Lang", "/Alt", "/ActualText", "/A") if name in one}
    marks = tuple(part for part in one.get("/K", []) if isinstance(part, int))
    return Thing(one["/S"][1:], told, tuple(map(_thing, parts)), marks, one.raw_get("/Pg") if "/Pg" in one else None)


def kinds_of(pdf: bytes) -> list[str]:
    """What stands there, in the order in which it is read."""
    return [one.kind for one in tree_of(pdf).below()]


def told_of(pdf: bytes, entry: str) -> list[str]:
    """What is told of each thing under this name, where something is."""
    return [str(one.told[entry]) for one in tree_of(pdf).below() if entry in one.told]


def assert_everything_is_told(pdf: bytes) -> None:
    """Whatever is drawn is part of one thing or an artifact, and tree and pages say the same of it."""
    reader = PdfReader(BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in reader.pages:
        marks = _marks_on(page.get_contents().get_data().decode("latin-1"))
        said = parents[page["/StructParents"]] if page.get("/StructParents") is not None else []
        assert {one.get_object()["/Pg"].get_object()["/StructParents"] for one in said} <= {page.get("/StructParents")}
        assert marks == [*range(len(said))]


def _marks_on(content: str) -> list[int]:
    """The marks of a page, in order; nothing is drawn outside of one."""
    marks, is_begun = [], False
    for line in content.splitlines():
        if found := re.fullmatch(r"/\w+ <</MCID (\d+)>> BDC", line):
            marks.append(int(found[1]))
        is_begin = bool(found) or line == "/Artifact BMC"
        if is_begin:
            assert not is_begun
            is_begun = True
        elif line == "EMC":
            assert is_begun
            is_begun = False
        elif re.search(r"(Tj|TJ| re| l S|Do| [fSB])$", line):
            assert is_begun, line
    assert not is_begun
    return marks
