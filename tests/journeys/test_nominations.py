"""A session as people use it: copied, filled, the last seat given by the rule, freed by a link, given to the next."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import icalendar
import pytest

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
            body = mail.get_body()
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
