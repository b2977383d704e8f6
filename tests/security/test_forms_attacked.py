"""Every form of the site is sent as somebody would send it who means harm; every page is looked at afterwards."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree
from lxml import html as reader
from werkzeug.datastructures import MultiDict

from app.tables import METADATA
from tests.security.ground import differences, rows, rules_of, undone, work

pytestmark = pytest.mark.one_engine

# A form whose honest sending ends the rights of who sends it is sent last.
ENDINGS = re.compile(
    r"/(close|leave|suspend|decide|merge|end|remove|withdraw|cancel|sign-out|forgotten|new-password|password|rescue)(/|$)"
)
# Names that a careless form would take from whoever sends them, with the values that would be worth most.
WORTH = {
    "role": "focal_point",
    "status": "trusted",
    "kind": "secretariat",
    "disclosure": "public",
    "email": "i@evil.example",
}
# What a form reads beside the fields it shows: the words of a search, the buttons, and what the site itself passes on.
SEARCHED = {"/record/export.csv": frozenset({"q", "kind", "since", "until"})}
READ_ANYWAY = frozenset({"next", "version", "keep", "language", "press", "carried", "csrf_token"})


def in_order(forms: list[tuple[Any, str, Any]]) -> list[tuple[Any, str, Any]]:
    """Those that end something come last."""
    return sorted(forms, key=lambda form: (bool(ENDINGS.search(form[1].split("?")[0])), form[1]))


def loaded(form: Any) -> MultiDict[str, Any]:
    """What the form would send, and a value for every column of every table that it does not ask for."""
    data = form.data
    for column in {c.name: c for table in METADATA.sorted_tables for c in table.columns}.values():
        if column.name not in form.offered | READ_ANYWAY | SEARCHED.get(form.action, frozenset()):
            data[column.name] = WORTH.get(column.name, "2" if column.type.python_type in {int, bool} else "2020-01-01")
    return data


def sent(database: Any, before: Any, browser: Any, action: str, data: Any, **how: Any) -> tuple[int, list[str]]:
    """The status, and which rows it changed; nothing stays changed."""
    with undone(database, browser):
        answer = browser.post(action, data=data, check=False, **how)
        changes = differences(before, rows(database))
    # A draft keeps whatever was typed, word for word, for whoever typed it, and is read by the same form again.
    return answer.status_code, ["a draft" if change.startswith("+ drafts:") else change for change in changes]


@pytest.mark.slow
def test_no_form_is_taken_without_its_token_or_with_more_than_it_asks(forms, database, new_client):
    stranger, before, changing = new_client().token(), rows(database), 0
    for browser, action, form in forms:
        status, changes = sent(database, before, browser, action, form.data)
        changing += bool(changes)
        assert status < 500, action
        # The sign-in page looks for the token itself: whoever comes without one is shown the form again.
        no = (422 if action == "/sign-in" else 403, [])
        assert sent(database, before, browser, action, form.data, csrf=False) == no, f"{action} without a token"
        foreign = MultiDict([*form.data.items(multi=True), ("csrf_token", stranger)])
        assert sent(database, before, browser, action, foreign) == no, f"{action} with a stranger's token"
        more = sent(database, before, browser, action, loaded(form))
        assert more == (status, changes), f"{action} took more than it asks"
    assert changing > 40, f"only {changing} of {len(forms)} forms change anything: the attack proves little"


# --- script ---

PROBE = (
    "\"'><img src=x onerror=probe()><x-probe onclick=probe()>{{7*7}}[a](javascript:probe())</textarea></title><x-probe>"
)
ADDRESS = "javascript:probe()//https://evil.example"
BARE = re.compile(r".{0,80}['\"]><im.{0,20}", re.IGNORECASE)
"""The beginning of the probe as nobody escaped it; what is told to whoever typed it is often cut short."""


def parts_of(answer: Any) -> Iterator[Any]:
    """The elements of a page, a feed or an exchange file."""
    if answer.mimetype == "text/html":
        yield from reader.fromstring(answer.text).iter()
    elif answer.mimetype.endswith("xml"):
        yield from etree.fromstring(answer.data).iter()


def script_in(answer: Any) -> list[str]:
    """What of the probes became part of the page and not words on it, also where only its beginning is shown."""
    is_marked_up = answer.mimetype == "text/html" or answer.mimetype.endswith("xml")
    found = [f"{answer.request.path}: {each}" for each in BARE.findall(answer.text)] if is_marked_up else []
    for part in parts_of(answer):
        if not isinstance(part.tag, str):
            continue
        name = etree.QName(part).localname
        handlers = [key for key in part.attrib if key.lower().startswith("on")]
        leads = [
            v for k, v in part.attrib.items() if k in {"href", "src", "action"} and v.lower().strip().startswith("java")
        ]
        if name == "x-probe" or handlers or leads:
            found.append(f"{answer.request.path}: <{name} {handlers or leads}>")
    return found


@pytest.mark.slow
def test_no_script_that_is_typed_anywhere_runs_anywhere(app, ground, browsers, forms, database):
    for browser, action, form in forms:
        with undone(database, browser):
            answer = browser.post(action, data=form.with_texts(PROBE), check=False)
            assert answer.status_code < 500, action
            assert not script_in(answer)
            answer = browser.post(action, data=form.with_texts(ADDRESS), check=False)
            assert not script_in(answer)
    taken = 0
    for browser, action, form in in_order(forms):
        data = form.with_words(PROBE, "<x-probe>{{7*7}}[a]")
        answer = browser.post(action, data=data, check=False)
        assert answer.status_code < 500, action
        taken += answer.status_code in {302, 303} and PROBE in data.values()
    assert taken > 20, f"only {taken} forms took the words"
    shown = 0
    for rule in rules_of(app, "GET"):
        for browser in (browsers["state"], browsers["office"], browsers["nobody"]):
            answer = browser.get(ground.address(app, rule), check=False)
            assert answer.status_code != 500, rule.rule
            assert not script_in(answer)
            shown += b"x-probe" in answer.data
            assert b"49[a]" not in answer.data, "a template ran what was typed"
    assert shown > 40, f"only {shown} pages show what was typed: the attack proves little"


# --- lines in headers, addresses elsewhere ---

LINES = "a\r\nSet-Cookie: probe=1\r\nBcc: probe@evil.example\r\n\r\nprobe"
HEADERS_OF_MAIL = frozenset({
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "X-Auto-Response-Suppress", "Precedence",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
})  # fmt: skip


@pytest.mark.slow
def test_no_line_break_ends_a_header_of_an_answer_or_of_a_mail(app, settings, forms, database):
    for browser, action, form in in_order(forms):
        for data in (
            form.with_texts(LINES),
            form.with_words(LINES, "a\r\nBcc: probe@e"),
            form.with_words(LINES, "probe"),
        ):
            answer = browser.post(action, data=data, check=False)
            assert answer.status_code < 500, action
            assert not [v for k, v in answer.headers if "\n" in v or (k == "Set-Cookie" and v.startswith("probe"))]
    work(app)
    mails = list((settings.data_dir / "mail").glob("*.eml"))
    assert len(mails) > 5, "too few mails were written for the attack to prove anything"
    for file in mails:
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert set(mail.keys()) <= HEADERS_OF_MAIL
        assert len(mail["To"].addresses) == 1
        assert "evil" not in str(mail["To"])


ELSEWHERE = (
    "https://evil.example", "//evil.example/a", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/%09/evil.example", "https:evil.example", "///evil.example", "javascript:probe()",
    "/\r\nLocation: //evil.example", "http://localhost:5000@evil.example",
)  # fmt: skip


def leads_to(answer: Any) -> str:
    """The host that a browser would go to; it drops tabs and line ends, and takes a backslash for a slash."""
    location = re.sub(r"[\t\r\n]", "", answer.headers.get("Location", "")).replace("\\", "/")
    target = urlsplit(urljoin("http://localhost:5000/a", location))
    return target.hostname or target.scheme


def links_in(answer: Any) -> list[str]:
    """The addresses that the page's links, forms and pictures lead to."""
    if answer.mimetype != "text/html" or not answer.data:
        return []
    found = reader.fromstring(answer.text).xpath("//@href|//@src|//@action|//@formaction|//@content")
    return [urljoin("http://localhost:5000/a", link.strip()) for link in found]


@pytest.mark.slow
def test_no_form_and_no_link_sends_anybody_elsewhere(app, ground, browsers, forms, database):
    moved = 0
    for browser, action, form in forms:
        for elsewhere in ELSEWHERE if "next" in form.offered else ELSEWHERE[:2]:
            data = form.data
            data["next"] = elsewhere
            with undone(database, browser):
                headers = {"Referer": "https://evil.example/"}
                answer = browser.post(action, data=data, query_string={"next": elsewhere}, headers=headers, check=False)
            moved += "Location" in answer.headers
            assert leads_to(answer) == "localhost", f"{action} with {elsewhere!r}"
    for rule in rules_of(app, "GET"):
        address = ground.address(app, rule)
        for elsewhere in ELSEWHERE:
            asked = {"query_string": {"next": elsewhere}, "headers": {"Referer": elsewhere.strip("/\r\n")[:9]}}
            answer = browsers["state"].get(address, check=False, **asked)
            assert leads_to(answer) == "localhost", f"{rule.rule} with {elsewhere!r}"
            assert not [link for link in links_in(answer) if urlsplit(link).hostname == "evil.example"]
            # A page that leads nowhere, or does not know the word, has nothing to do with the others either.
            if "Location" not in answer.headers and (elsewhere != ELSEWHERE[0] or b"evil.example" not in answer.data):
                break
    assert moved > 60
