"""Reading the text of a file in a process of its own, which is stopped when it takes too long or answers too much."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread, Timer
from typing import IO, Any

from app.foundation.filing.looking.child import LONGEST_TEXT, MOST_PIXELS
from app.foundation.filing.looking.kinds import PICTURES, FileRefused, ending_of

__all__ = ["MOST_PIXELS", "CannotRead", "Inside", "check_picture", "look_inside"]

CHILD = Path(__file__).with_name("child.py")
SECONDS = 15.0
LONGEST_ANSWER = 6 * LONGEST_TEXT + 1000
"""Of each letter JSON makes six at most."""
ENVIRONMENT: Mapping[str, str] = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
"""All that the child is told: no key, no password, no address of a database."""


class CannotRead(RuntimeError):
    """The file could not be read: it is damaged, took too long or too much memory, or made its reader fail."""


@dataclass(frozen=True)
class Inside:
    """What was found in a file: its text (at most 200,000 letters), and how many pages or sheets it has."""

    text: str
    pages: int | None = None
    problem: str = ""


def look_inside(name: str, content: bytes, seconds: float = SECONDS, child: Path = CHILD) -> Inside:
    """The text in a file, read by a child that is bounded in memory, processor time and wall time.

    Raises:
        CannotRead: see there.
    """
    answer = _answer(child, ending_of(name), content, seconds)
    try:
        found = json.loads(answer)
        pages = found.get("pages")
        return Inside(
            str(found.get("text", ""))[:LONGEST_TEXT],
            pages if isinstance(pages, int) and 0 <= pages < 10**6 else None,
            str(found.get("problem", "")),
        )
    except (ValueError, AttributeError) as error:
        raise CannotRead("the child answered nothing that can be read") from error


def check_picture(name: str, content: bytes) -> None:
    """Have a picture opened, in a child, before it is taken; other files pass.

    Raises:
        FileRefused: it cannot be opened, or has too many pixels.
    """
    if ending_of(name) not in PICTURES:
        return
    try:
        problem = look_inside(name, content).problem
    except CannotRead as error:
        raise FileRefused("broken") from error
    if problem:
        raise FileRefused(problem)


def _answer(child: Path, kind: str, content: bytes, seconds: float) -> bytes:
    with subprocess.Popen(  # noqa: S603 - our own program with one word of ours
        [sys.executable, "-I", str(child), kind],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(ENVIRONMENT), cwd="/",
    ) as process:  # fmt: skip
        stop = Timer(seconds, process.kill)
        feeding = Thread(target=_feed, args=(process.stdin, content), daemon=True)
        stop.start()
        feeding.start()
        try:
            answer = _read(process.stdout)
            if len(answer) > LONGEST_ANSWER:
                process.kill()
            status = process.wait()
        finally:
            stop.cancel()
            process.kill()
            feeding.join()
    if status or len(answer) > LONGEST_ANSWER:
        raise CannotRead(f"the child ended with {status} after {len(answer)} bytes")
    return answer


def _read(line: IO[bytes] | None) -> bytes:
    return line.read(LONGEST_ANSWER + 1) if line is not None else b""


def _feed(line: Any, content: bytes) -> None:
    try:
        line.write(content)
        line.close()
    except OSError:
        # The child has ended before it had read everything; its answer, or that there is none, says the rest.
        return
