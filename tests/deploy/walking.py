"""What people do on a site that is being brought up to date: sign in, read a list, post a need with a file, pledge."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from tests.benchmarks.visitor import PATIENCE_S, Unexpected, Visitor
from tests.running import RunningSite

Somebody = TypeVar("Somebody", bound=Visitor)
FORM = "application/x-www-form-urlencoded"
FILE = b"Minutes of the meeting at which the need was agreed.\n"


class Person(Visitor):
    """A visitor that sends files too; whoever goes another way than to a port of this machine says by which."""

    def connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", urlsplit(self.address).port or 80, timeout=PATIENCE_S)

    def _ask(self, method: str, path: str, body: Any = None) -> tuple[HTTPResponse, str]:
        return self.exchange(method, path, body, FORM if body is not None else "")

    def exchange(self, method: str, path: str, body: Any, media_type: str) -> tuple[HTTPResponse, str]:
        """One request, with the cookies, and what was answered."""
        parts = urlsplit(self.address)
        headers = {"Host": parts.netloc, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if media_type:
            headers |= {"Content-Type": media_type, "Origin": self.address, "Referer": f"{self.address}{path}"}
        with closing(self.connection()) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text


def need_of(title: str) -> dict[str, Any]:
    """What an official types for a need of this title."""
    today = datetime.now(UTC).date()
    return {
        "language": "en",
        "title": title,
        "problem": f"{title}. In 2025 the service could not do this work as the law asks. We ask for training.",
        "themes": ["money_laundering"],
        "lines-0-kind": "training",
        "lines-0-quantity": "40",
        "lines-0-unit": "participants",
        "lines-0-description": title,
        "delivery_languages": ["fr", "en"],
        "guard-anyway": "1",
        "starts_on": (today + timedelta(days=90)).isoformat(),
        "ends_on": (today + timedelta(days=400)).isoformat(),
    }


def signed_in(visitor: Somebody, site: RunningSite, kind: str, *which: str) -> Somebody:
    """The same visitor, signed in as an invented person of that kind."""
    account = site.account(kind, *which)
    visitor.sign_in(account["email"], account["password"])
    return visitor


def post_need(official: Visitor, title: str) -> str:
    """Post a need through its form; its address."""
    address = official.send("/needs/new", official.form("/needs/new", "need-form"), need_of(title))
    if title not in official.get(address):
        raise Unexpected(f"{address} does not show the need that was posted")
    return address


def post_need_with_file(official: Person, title: str) -> str:
    """The same with a file beside it, sent as browsers send files."""
    typed = need_of(title)
    kept = [(n, v) for n, v in official.form("/needs/new", "need-form") if n not in {*typed, "files"}]
    more = [(n, one) for n, v in typed.items() for one in (v if isinstance(v, list) else [v])]
    body, media_type = multipart([*kept, *more], "files", "minutes.txt", FILE)
    answer, text = official.exchange("POST", "/needs/new", body, media_type)
    if answer.status != 303:
        raise Unexpected(f"the need with its file: {answer.status} {text[:400]}")
    return urlsplit(answer.headers["Location"]).path


def multipart(fields: list[tuple[str, str]], name: str, file_name: str, content: bytes) -> tuple[bytes, str]:
    """A form with one file, as browsers send it, and its media type."""
    mark = uuid4().hex
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
    parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content)
    return b"".join([*parts, f"\r\n--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def pledge(donor: Visitor, need: str) -> str:
    """Promise ten of the need's first line; the address of the pledge."""
    address = f"{need}/pledge"
    return donor.send(address, donor.form(address, "pledge-form"), {"lines-0-quantity": "10"})
