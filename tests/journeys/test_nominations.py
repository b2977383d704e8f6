"""A session as people use it: copied, filled, the last seat given by the rule, freed by a link, given to the next."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import icalendar
import pytest

from app.config import Settings
from tests.house import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.running import RunningSite

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]

COURSE = "Perquisition numérique au port"


def new_course(page: Page, title: str) -> None:
    """The centre posts a course and announces a session of one seat."""
    page.goto("/courses/new")
    main = page.locator("main")
    main.locator("[name=title]").fill(title)
    main.locator("[name=description]").fill("Trois jours au terminal, sur des téléphones saisis et effacés.")
    main.locator("input[name=themes][value=port_control]").check()
    main.locator("input[name=languages][value=fr]").check()
    group = main.locator("input[name=groupings][value=ECOWAS]")
    group.evaluate("e => e.closest('details') && (e.closest('details').open = true)")
    group.check()
    page.get_by_role("button", name="Post this course").click()
    page.wait_for_url(re.compile(r"/courses/C-\w{4}-\w{4}$"))


def announce(page: Page, starts: str, ends: str) -> None:
    """Fill in the days of a session, and one seat where none is given yet."""
    main = page.locator("main")
    main.locator("[name=starts_on]").fill(starts)
    main.locator("[name=ends_on]").fill(ends)
    if not main.locator("[name=seats]").input_value():
        main.locator("[name=seats]").fill("1")
    page.get_by_role("button", name="Announce this session").click()
    page.wait_for_url(re.compile(r"/sessions/S-\w{4}-\w{4}$"))


def put_forward(page: Page, session: str, name: str, email: str) -> None:
    """The focal point puts somebody forward."""
    page.goto(f"{session}/nominations/new")
    page.locator("main [name=name]").fill(name)
    page.locator("main [name=email]").fill(email)
    page.get_by_role("button", name="Put this candidate forward").click()
    page.wait_for_url(re.compile(r"/nominations$"))


def mails_to(running: RunningSite, address: str) -> list[str]:
    """What the site has sent to this address so far, the text of each with its calendar entry."""
    found = []
    for file in sorted((running.folder / "mail").glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        if mail["To"] == address:
            body = mail.get_body(("plain",))
            entries = [part.get_content() for part in mail.iter_attachments()]
            found.append("\n".join([body.get_content() if body else "", *map(str, entries)]))
    return found


def test_the_last_seat_goes_by_the_rule_and_a_freed_one_to_the_next(
    running: RunningSite, somebody: Callable[..., Page]
) -> None:
    centre = somebody(running.account("centre", "SN", "editor"))
    new_course(centre, COURSE)
    course = centre.url
    centre.goto(f"{course}/sessions/new")
    announce(centre, "2028-03-06", "2028-03-10")
    first = centre.url
    centre.get_by_role("link", name="Copy it to new dates").click()
    assert "A copy of the session" in centre.get_by_role("main").inner_text()
    announce(centre, "2028-09-04", "2028-09-08")
    session = centre.url
    assert session != first

    focal = somebody(running.account("state", "SN", "focal_point"))
    put_forward(focal, session, "Awa Diop", "awa.diop@ministry.example")
    put_forward(focal, session, "Binta Sow", "binta.sow@ministry.example")
    centre.goto(f"{session}/nominations")
    for box in centre.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    centre.get_by_role("button", name="Accept those who are ticked").click()
    centre.wait_for_load_state()
    told = centre.get_by_role("main").inner_text()
    assert "Has a seat, to be confirmed" in told
    assert "Every seat is given." in told

    # Both are told by mail; the first one's link and calendar entry work without an account.
    wait_until(lambda: mails_to(running, "awa.diop@ministry.example"), 30)
    wait_until(lambda: mails_to(running, "binta.sow@ministry.example"), 30)
    letter = mails_to(running, "awa.diop@ministry.example")[0]
    entry = icalendar.Calendar.from_ical(letter[letter.index("BEGIN:VCALENDAR") :])
    assert str(entry.walk("VEVENT")[0]["DTSTART"].dt) == "2028-09-04"
    link = re.search(r"(/seat/\S+)", letter)
    assert link is not None
    candidate = somebody()
    candidate.goto(link[1])
    candidate.get_by_text("I cannot come").click()
    candidate.get_by_role("button", name="Give my seat to somebody else").click()
    candidate.wait_for_load_state()
    assert "The seat has gone to the next one" in candidate.get_by_role("main").inner_text()

    # The next one has the seat at once, and is asked by mail.
    focal.goto(f"{session}/nominations")
    rows = focal.get_by_role("row").filter(has_text="Binta Sow").inner_text()
    assert "Has a seat, to be confirmed" in rows
    wait_until(lambda: len(mails_to(running, "binta.sow@ministry.example")) > 1, 30)


def test_two_take_the_last_seat_at_the_same_second(running: RunningSite, somebody: Callable[..., Page]) -> None:
    """Two windows of the centre, each with another candidate ticked: one has the seat, one waits, both are told."""
    first = somebody(running.account("centre", "SN", "editor"))
    new_course(first, "Interceptions en mer")
    first.goto(f"{first.url}/sessions/new")
    announce(first, "2028-05-08", "2028-05-12")
    session = first.url
    focal = somebody(running.account("state", "SN", "focal_point"))
    people = {"Coura Fall": "coura.fall@ministry.example", "Demba Ba": "demba.ba@ministry.example"}
    for name, address in people.items():
        put_forward(focal, session, name, address)
    second = somebody(running.account("centre", "SN", "editor"))
    for page, name in zip((first, second), people, strict=True):
        page.goto(f"{session}/nominations")
        page.get_by_role("checkbox", name=f"Accept {name}").check()
    for page in (first, second):
        page.get_by_role("button", name="Accept those who are ticked").click(no_wait_after=True)
    for page in (first, second):
        page.get_by_text("Decided by the published rule").wait_for()
    focal.goto(f"{session}/nominations")
    told = focal.get_by_role("main").inner_text()
    assert told.count("Has a seat, to be confirmed") == 1
    assert told.count("Every seat is given.") == 1
    for address in people.values():
        wait_until(lambda address=address: mails_to(running, address), 30)


def test_a_certificate_is_checked_by_its_code(running: RunningSite, somebody: Callable[..., Page]) -> None:
    path = Settings.from_environment(running.environment).database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as rows:
        name, code = rows.execute(
            "select name, certificate_code from nominations where certified_at is not null order by id limit 1"
        ).fetchone()
    anybody = somebody()
    anybody.goto("/certificates")
    anybody.locator("main [name=code]").fill(code.lower())
    anybody.get_by_role("main").get_by_role("button").first.click()
    anybody.wait_for_load_state()
    assert name in anybody.get_by_role("main").inner_text()
    anybody.goto("/certificates/ABCD-EFGH-JKLM")
    assert name not in anybody.get_by_role("main").inner_text()
