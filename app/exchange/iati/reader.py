"""Reading the activities of an IATI file one by one, however large or ill-meant the file is.

What cannot be read comes out as a problem among the activities, never as an exception.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from lxml import etree

from app.exchange.iati.activity import Activity, Problem
from app.exchange.iati.source import CappedSource, TooLargeError
from app.exchange.iati.walk import ACTIVITY, Limits, RefusedError, Walk

__all__ = ["DEFAULT_LIMITS", "Limits", "count_activities", "read_activities"]

_OPENING_TAG = re.compile(rb"<iati-activity[\s/>]")
_CHUNK = 1 << 20

DEFAULT_LIMITS: Final = Limits()


def read_activities(
    source: str | Path | BinaryIO, *, name: str, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Activity | Problem]:
    """The activities of a file, each followed by its problems, in the order of the file.

    Every ``<iati-activity>`` that is read to its end comes out as one :class:`Activity` or as
    one refused :class:`Problem`. A problem of the whole file stands where it was met; a refused
    one of those is the last thing to come out, and what was read before it stands. ``name`` is
    what problems call the file. Only the activity at hand is held in memory.

    Raises OSError when the file cannot be opened or read.
    """
    if isinstance(source, str | Path):
        with Path(source).open("rb") as stream:
            yield from _read(stream, name, limits)
    else:
        yield from _read(source, name, limits)


def count_activities(path: str | Path) -> int:
    """About how many activities a file holds, from its bytes alone, for a progress bar.

    It counts opening tags, so one inside a comment counts too. Raises OSError when the file
    cannot be opened or read.
    """
    count = 0
    rest = b""
    with Path(path).open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            # Without the zero bytes, UTF-16 and UTF-32 read like ASCII.
            block = rest + chunk.replace(b"\0", b"")
            last = 0
            for match in _OPENING_TAG.finditer(block):
                count += 1
                last = match.end()
            rest = block[max(last, len(block) - len(ACTIVITY) - 1) :]
    return count


def _read(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Activity | Problem]:
    source = CappedSource(stream, limits.bytes)
    walk = Walk(name, limits)
    try:
        if source.declares_entities():
            raise RefusedError("doctype")
        for event, element in _events(source):
            # Of most elements nothing comes out, and there are many of them.
            if found := walk.start(element) if event == "start" else walk.end(element):
                yield from found
        yield from walk.close()
    except TooLargeError:
        yield walk.refusal("too_large", limit=limits.bytes)
    except RefusedError as refused:
        yield walk.refusal(refused.code, refused.element, **refused.values)
    except etree.XMLSyntaxError as error:
        yield walk.broken(error)


def _events(source: CappedSource) -> Iterator[tuple[str, etree._Element]]:
    events: Iterator[tuple[str, etree._Element]] = etree.iterparse(
        source,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return events
