"""What the fault tests send by hand: forms with files, and requests that stop in the middle or come drop by drop."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.visitor import Visitor

PATIENCE_S = 120


@dataclass(frozen=True)
class Answered:
    """How the site answered."""

    status: int
    text: str
    location: str


def send(
    visitor: Visitor, path: str, fields: Iterable[tuple[str, str]], typed: Mapping[str, Any], **file: bytes
) -> Answered:
    """Send a form and take whatever comes; `file` are fields with content, each under the name plan.txt."""
    given = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    pairs = [(name, value) for name, value in fields if name not in given and name not in file]
    pairs += [(name, value) for name, many in given.items() for value in many]
    body, kind = multipart(pairs, file) if file else (urlencode(pairs).encode(), "application/x-www-form-urlencoded")
    connection = HTTPConnection("127.0.0.1", urlsplit(visitor.address).port, timeout=PATIENCE_S)
    try:
        connection.request("POST", path, body, {**head_of(visitor), "Content-Type": kind})
        answer = connection.getresponse()
        return Answered(answer.status, answer.read().decode(), answer.headers.get("Location") or "")
    finally:
        connection.close()


def head_of(visitor: Visitor) -> dict[str, str]:
    """The lines that a browser sends along."""
    return {
        "Host": urlsplit(visitor.address).netloc, "Origin": visitor.address,
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
    }  # fmt: skip


def multipart(pairs: Iterable[tuple[str, str]], files: Mapping[str, bytes]) -> tuple[bytes, str]:
    """A body of several parts and its kind."""
    mark = secrets.token_hex(12)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in pairs
    ]
    for name, content in files.items():
        said = f'Content-Disposition: form-data; name="{name}"; filename="plan.txt"\r\nContent-Type: text/plain'
        parts.append(f"--{mark}\r\n{said}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def line_to(visitor: Visitor) -> socket.socket:
    """A bare line to the site."""
    return socket.create_connection(("127.0.0.1", urlsplit(visitor.address).port or 0), timeout=PATIENCE_S)


def begin(visitor: Visitor, path: str, kind: str, length: int) -> bytes:
    """The head of a request with a body."""
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head_of(visitor).items())]
    return "\r\n".join([*lines, f"Content-Type: {kind}", f"Content-Length: {length}", "", ""]).encode()
