"""A scanner that is asked over a socket: clamd's own protocol, command INSTREAM, bounded in time and size.

The file is sent in pieces, each behind its length (four bytes, the highest first), and ends with a length of nought;
the answer is one line. Source: clamd(8), section COMMANDS.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Place: TypeAlias = tuple[str, int] | Path

PIECE = 64 * 1024
SECONDS = 30.0
LONGEST_ANSWER = 4096
FOUND = re.compile(r"^stream: (?P<name>.+) FOUND$")
LONGEST_FINDING = 120


class ScannerAway(RuntimeError):
    """The scanner does not answer, or not in a way that says anything of the file."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner says of a file: nothing found, or the name of what was."""

    finding: str | None = None


def verdict_of(answer: str) -> Verdict:
    """What an answer means.

    Raises:
        ScannerAway: it says neither that the file is clean nor that something was found.
    """
    text = answer.strip("\x00\r\n ")
    if text == "stream: OK":
        return Verdict()
    found = FOUND.match(text)
    if found:
        name = "".join(letter for letter in found["name"] if letter.isprintable())
        return Verdict(name[:LONGEST_FINDING] or "?")
    raise ScannerAway(f"clamd answered {text[:200]!r}")


def scan(place: Place, content: bytes, seconds: float = SECONDS) -> Verdict:
    """Ask the scanner about a file; each step may take `seconds`.

    Raises:
        ScannerAway: it cannot be reached, does not answer in time, breaks off, or takes no file of this size.
    """
    try:
        with _connected(place, seconds) as line:
            return verdict_of(_asked(line, content))
    except OSError as error:
        raise ScannerAway(f"clamd cannot be asked: {error}") from error


def ping(place: Place, seconds: float = SECONDS) -> None:
    """Go on only if the scanner is there; each step may take `seconds`.

    Raises:
        ScannerAway: it cannot be reached, or says something else than that it is.
    """
    try:
        with _connected(place, seconds) as line:
            line.sendall(b"zPING\x00")
            answer = line.recv(LONGEST_ANSWER)
    except OSError as error:
        raise ScannerAway(f"clamd cannot be asked: {error}") from error
    if answer.strip(b"\x00\n") != b"PONG":
        raise ScannerAway(f"clamd answered {answer[:40]!r}")


def _connected(place: Place, seconds: float) -> socket.socket:
    if isinstance(place, tuple):
        return socket.create_connection(place, timeout=seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(seconds)
    try:
        line.connect(str(place))
    except OSError:
        line.close()
        raise
    return line


def _asked(line: socket.socket, content: bytes) -> str:
    try:
        line.sendall(b"zINSTREAM\x00")
        for begin in range(0, len(content), PIECE):
            piece = content[begin : begin + PIECE]
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall((0).to_bytes(4, "big"))
    except (BrokenPipeError, ConnectionResetError):
        # A file above its limit: it answers before it has all of it, and hangs up. The answer is still to be read.
        pass
    answer = b""
    while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\x00"):
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    if not answer.endswith(b"\x00"):
        raise ScannerAway("clamd broke off before its answer was whole")
    return answer.decode("utf-8", "replace")
