"""A browser for tests that reads every page it is given as a strict inspector would, and fails where one is not sound.

One h1, a title that ends with the site's name, a label for every control, a token in every form that changes
something, nothing inline that the browser would refuse to run, and HTML that closes what it opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from secrets import token_hex
from typing import Any

import html5lib
import pyotp
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from lxml import html as reader
from sqlalchemy import update
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.accounts.models import SecondStep
from tests.factories import APP_SECRET, PASSWORD
from tests.markup import Outline

SITE_NAME = "Counterpart"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
# The full parser takes fifty times as long as our own outline, so it reads each kind of page once per process.
SEEN_WHOLE: set[tuple[str, int]] = set()


class CheckingClient(FlaskClient):
    """A client that checks what it fetches and sends the token with what it posts.

    `csrf=False` posts without a token; `check=False` takes a page as it is.
    """

    def open(self, *args: Any, csrf: bool = True, check: bool = True, **kwargs: Any) -> TestResponse:
        database = self.application.extensions["counterpart"].database
        method = str(kwargs.get("method", "GET")).upper()
        if isinstance(kwargs.get("data"), (list, tuple)):
            kwargs["data"] = MultiDict(kwargs["data"])
        if csrf and method in CHANGING:
            self._add_token(kwargs)
        # The whole answer is read and its file closed, as a browser would.
        kwargs.setdefault("buffered", True)
        database.before_request(method)
        try:
            response = super().open(*args, **kwargs)
        finally:
            database.after_request()
        # A large body lies in a file that nobody else closes.
        body = response.request.environ.get("wsgi.input")
        if body is not None and method in CHANGING:
            body.close()
        if check:
            check_answer(response)
        return response

    def _add_token(self, kwargs: dict[str, Any]) -> None:
        token = self.token()
        if "json" in kwargs or isinstance(kwargs.get("data"), (str, bytes)):
            kwargs["headers"] = {"X-CSRFToken": token, **dict(kwargs.get("headers") or {})}
            return
        data = kwargs.get("data")
        fields = data.copy() if isinstance(data, MultiDict) else dict(data or {})
        fields.setdefault("csrf_token", token)
        kwargs["data"] = fields

    def token(self) -> str:
        """A form token that is good for this browser's cookie, as the pages carry it."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", token_hex(20))
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw))

    def form(self, path: str, form_id: str | None = None) -> dict[str, list[str]]:
        """What a browser would send of a page's form if its last button were pressed without typing anything.

        It is the form with that id, else the last one of the page's main part.
        """
        page = reader.fromstring(self.get(path).get_data(as_text=True))
        forms = page.xpath("//form[@id=$id]", id=form_id) if form_id else page.xpath("//main//form[@method='post']")
        assert forms, f"{path} has no such form"
        fields: dict[str, list[str]] = {}
        for name, value in forms[-1].form_values():
            fields.setdefault(name, []).append(value)
        return fields

    def submit(self, path: str, values: Mapping[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Open the page, change some fields of its form, and send the whole to the same address."""
        fields = self.form(path, kwargs.pop("form_id", None))
        fields.update({name: value if isinstance(value, list) else [value] for name, value in (values or {}).items()})
        pairs = [(name, value) for name, many in fields.items() for value in many if value is not None]
        return self.post(kwargs.pop("to", path), data=MultiDict(pairs), **kwargs)


def sign_in_with(client: FlaskClient, account: Any, password: str = PASSWORD) -> TestResponse:
    """Type e-mail and password into the sign-in form and press the button; fails where the site does not let in."""
    response = client.post("/sign-in", data={"email": account.email, "password": password})
    if response.status_code == 200:
        response = client.post("/sign-in/second-step", data={"code": fresh_code(client, account)})
    assert response.status_code == 303, f"{account.email} could not sign in: {response.status_code}"
    return response


def fresh_code(client: FlaskClient, account: Any) -> str:
    """The code that the account's authenticator app shows now, as if no code had been used before."""
    site = client.application.extensions["counterpart"]
    with site.database.transaction() as tx:
        tx.execute(update(SecondStep).where(SecondStep.account_id == account.id).values(counter=0))
    return str(pyotp.TOTP(APP_SECRET).at(site.clock.wall()))


def check_answer(response: TestResponse) -> None:
    """Fail where the site broke, or where a page is not sound."""
    where = f"{response.request.method} {response.request.path}"
    assert response.status_code != 500, f"{where} broke: the log above tells why"
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        check_page(response.get_data(as_text=True), where)
        check_whole(response)


def check_page(text: str, where: str) -> None:
    """Fail with everything that is wrong with the page, or with the part of one that a script fetches."""
    faults = faults_of(text)
    assert not faults, f"{where} is not sound:\n  " + "\n  ".join(faults)


def faults_of(text: str) -> list[str]:
    """What is wrong with a page, in words; a text without <html> is a part of a page."""
    outline = Outline.of(text)
    faults = [*outline.faults, *_unlabelled(outline), *_broken_references(outline), *_open_forms(outline)]
    return faults if "<html" not in text else [*faults, *_frame(outline)]


def _frame(page: Outline) -> Iterable[str]:
    if page.headings.count("h1") != 1:
        yield f"there are {page.headings.count('h1')} h1, and there should be one"
    if not page.title.endswith(SITE_NAME) or page.title == f" – {SITE_NAME}":
        yield f"the title is {page.title!r}: it should name the page, then {SITE_NAME}"
    if not page.language:
        yield "<html> does not say its language"
    for before, after in zip(page.headings, page.headings[1:], strict=False):
        if int(after[1]) > int(before[1]) + 1:
            yield f"an {after} follows an {before}: a level is left out"


def _unlabelled(page: Outline) -> Iterable[str]:
    for control in page.controls:
        has_label = control.in_label or control.id in page.labels_for
        if not has_label and not control.named_otherwise:
            yield f"no label for {control.describe()}"
    for link in page.nameless:
        yield f"nothing to read in {link}"


def _broken_references(page: Outline) -> Iterable[str]:
    for reference, attribute in page.references:
        if reference not in page.ids:
            yield f"{attribute}={reference!r} points to nothing"


def _open_forms(page: Outline) -> Iterable[str]:
    for form in page.forms:
        if form.method == "post" and "csrf_token" not in form.names:
            yield f"the form to {form.action!r} has no csrf_token"


def check_whole(response: TestResponse) -> None:
    """Let the full HTML parser read one page of each address."""
    key = (str(response.request.path.split("/")[1:2]) + str(response.request.path.count("/")), response.status_code)
    text = response.get_data(as_text=True)
    if key in SEEN_WHOLE or "<html" not in text:
        return
    SEEN_WHOLE.add(key)
    parser = html5lib.HTMLParser()
    parser.parse(text)
    faults = [f"line {line}: {code} {values}" for (line, _column), code, values in parser.errors]
    assert not faults, f"{response.request.path} is not valid HTML:\n  " + "\n  ".join(faults)
