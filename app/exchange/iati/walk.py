"""Going through the elements of a file as they come in, and letting go of what was read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from app.exchange.iati.activity import NO_LANGUAGE, Activity, Problem
from app.exchange.iati.build import FileDefaults, identifier_of, read_activity
from app.exchange.iati.codes import VERSIONS
from app.exchange.iati.notes import Notes, line_of, problem
from app.exchange.iati.values import language_of, one_line

ROOT: Final = "iati-activities"
ACTIVITY: Final = "iati-activity"
_DEPTH_OF_ACTIVITY = 2

_CODE_OF_ERROR: Final = {
    etree.ErrorTypes.ERR_INVALID_ENCODING: "encoding",
    etree.ErrorTypes.I18N_CONV_FAILED: "encoding",
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING: "unknown_encoding",
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: "unknown_encoding",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read.

    ``bytes`` is the size of the whole file; ``depth`` counts the root as 1; an activity with
    more than ``elements`` elements inside it is refused and the next one read; of one activity
    no more than ``problems`` problems are listed.
    """

    bytes: int = 500 * 1024 * 1024
    depth: int = 32
    elements: int = 100_000
    problems: int = 100


class RefusedError(Exception):
    """The file is read no further, for the reason given."""

    def __init__(self, code: str, element: etree._Element | None = None, **values: object) -> None:
        """Keep the code of the problem, the element it was met at and the values it names."""
        super().__init__(code)
        self.code = code
        self.element = element
        self.values = values


class Walk:
    """Where the reader stands in the file."""

    def __init__(self, name: str, limits: Limits) -> None:
        """Stand before the root of the file that problems call ``name``."""
        self._limits = limits
        self._defaults = FileDefaults(name, problems_per_activity=limits.problems)
        self._depth = 0
        self._elements = 0
        self._activities = 0
        self._current: etree._Element | None = None
        self._overfull: Problem | None = None

    def start(self, element: etree._Element) -> Iterable[Problem]:
        """Go into an element; problems of the root come out.

        Raises RefusedError when the root is not that of an IATI activity file, declares
        entities, or the element is nested too deep.
        """
        self._depth += 1
        self._elements += 1
        if self._depth > self._limits.depth:
            raise RefusedError("too_deep", element, limit=self._limits.depth)
        if self._depth == 1:
            return self._open(element)
        if self._depth == _DEPTH_OF_ACTIVITY:
            self._current, self._elements, self._overfull = element, 0, None
        elif self._elements > self._limits.elements and self._overfull is None:
            self._overfull = self.refusal("too_many_elements", limit=self._limits.elements)
        return ()

    def end(self, element: etree._Element) -> Iterable[Activity | Problem]:
        """Leave an element; an activity and its problems come out when it is complete."""
        found: Iterable[Activity | Problem] = ()
        if self._depth == _DEPTH_OF_ACTIVITY:
            if self._overfull is not None:
                found = (self._overfull,)
            elif element.tag == ACTIVITY:
                found = tuple(read_activity(element, self._defaults))
            self._activities += element.tag == ACTIVITY
            self._current = None
            _discard(element)
        elif self._depth > _DEPTH_OF_ACTIVITY and self._overfull is not None:
            _discard(element)
        self._depth -= 1
        return found

    def close(self) -> Iterator[Problem]:
        """Say so when the file was read to its end without an activity."""
        if not self._activities:
            yield problem("no_activities", file=self._defaults.name, line=1, element=ROOT)

    def refusal(self, code: str, element: etree._Element | None = None, **values: object) -> Problem:
        """The reason the file, or the activity at hand, is refused."""
        where = self._current if element is None else element
        return problem(
            code,
            file=self._defaults.name,
            line=1 if where is None else line_of(where),
            element=ROOT if where is None else str(where.tag),
            identifier=self._identifier(),
            **values,
        )

    def broken(self, error: etree.XMLSyntaxError) -> Problem:
        """What stopped the parser, with the line it stopped at."""
        line = max(error.lineno or 1, 1)
        return problem(
            _CODE_OF_ERROR.get(getattr(error, "code", None), "not_xml"),
            file=self._defaults.name,
            line=line,
            element=ROOT if self._current is None else str(self._current.tag),
            identifier=self._identifier(),
            place=line,
            reason=error.msg or "",
        )

    def _open(self, root: etree._Element) -> Iterable[Problem]:
        # The type stubs of lxml know neither the document type nor its entities.
        document_type: Any = root.getroottree().docinfo.internalDTD
        if document_type is not None and (document_type.system_url or document_type.entities()):
            raise RefusedError("doctype", root)
        if root.tag != ROOT:
            raise RefusedError("not_iati", root, root=root.tag)
        notes = Notes(self._defaults.name, self._limits.problems)
        version = one_line(root.get("version"))
        if version not in VERSIONS:
            notes.add("version", root, value=version)
        self._defaults = FileDefaults(
            self._defaults.name,
            version or None,
            language_of(root, NO_LANGUAGE, notes),
            self._limits.problems,
        )
        return notes.found

    def _identifier(self) -> str | None:
        return None if self._current is None else identifier_of(self._current)


def _discard(element: etree._Element) -> None:
    # Clearing an element leaves an empty shell in its parent; a file of a million activities
    # would still fill the memory with those, so the shells before this one go as well.
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
