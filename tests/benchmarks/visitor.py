"""Somebody who uses the site over HTTP as a browser would: keeps cookies, reads forms, sends them whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

PATIENCE_S = 60


class Unexpected(RuntimeError):
    """The site answered with something else than was hoped for; the message says what."""


@dataclass
class Visitor:
    """One browser at one site."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> str:
        """A page's text.

        Raises:
            Unexpected: it is not there.
        """
        answer, text = self._ask("GET", path)
        if answer.status != 200:
            raise Unexpected(f"GET {path}: {answer.status}")
        return text

    def form(self, path: str, form_id: str = "") -> list[tuple[str, str]]:
        """What a page's form would send if nothing were typed; without an id it is the last form of the main part."""
        page = html.fromstring(self.get(path))
        forms = page.xpath("//form[@id=$id]", id=form_id) if form_id else page.xpath("//main//form[@method='post']")
        return [(name, value or "") for name, value in forms[-1].form_values()]

    def send(self, path: str, fields: Iterable[tuple[str, str]], typed: Mapping[str, Any]) -> str:
        """Send a form with these fields changed, and say where it led.

        Raises:
            Unexpected: the form came back.
        """
        given = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        kept = [(name, value) for name, value in fields if name not in given]
        body = urlencode([*kept, *((name, value) for name, many in given.items() for value in many)])
        answer, text = self._ask("POST", path, body)
        if answer.status != 303:
            errors = html.fromstring(text).xpath("//*[contains(@class, 'error')]//text()") if text else []
            raise Unexpected(f"POST {path}: {answer.status} {' '.join(' '.join(errors).split())[:400]}")
        return urlsplit(answer.headers["Location"]).path

    def sign_in(self, email: str, password: str) -> None:
        """Through the form."""
        self.send("/sign-in", self.form("/sign-in"), {"email": email, "password": password})

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[HTTPResponse, str]:
        parts = urlsplit(self.address)
        connection = HTTPConnection("127.0.0.1", parts.port, timeout=PATIENCE_S)
        headers = {"Host": parts.netloc, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text
