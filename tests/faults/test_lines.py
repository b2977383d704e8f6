"""Lines that fail: a client that drops in mid-upload, clients that come drop by drop, a mail server that is down."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from app.foundation.filing.files import Attachment
from tests.faults import checker
from tests.faults.conftest import Place
from tests.faults.hosts import wait_for
from tests.faults.letters import MailServer
from tests.faults.sending import begin, line_to, multipart
from tests.faults.test_disk import there

pytestmark = [pytest.mark.slow, pytest.mark.one_engine]

DROPS = 6
"""Slow clients at once: half of the threads that serve."""
SLOW_FOR = 8.0
QUICK_S = 5.0
"""An answer that waited for one of the slow ones would take longer than they do."""


def test_a_client_that_drops_in_mid_upload_leaves_nothing(place_on: Callable[..., Place]) -> None:
    place = place_on("sqlite", writes=40)
    writer = place.person("needs")
    form, to, typed = writer.needs("zq00x00001x00000000")
    pairs = [(name, value) for name, value in writer.fields(form) if name not in typed]
    pairs += [(name, one) for name, value in typed.items() for one in (value if isinstance(value, list) else [value])]
    body, kind = multipart(pairs, {"files": b"Terms of reference.\n" * 100_000})
    for part in (0, 100, len(body) // 2, len(body) - 1):
        with line_to(writer.visitor) as line:
            line.sendall(begin(writer.visitor, to, kind, len(body)) + body[:part])
            # Gone without a word, as when a mobile line breaks.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    writer.one()
    place.settle()
    assert there(place, "zq00x00001x00000000") == (0, 0)
    with place.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(Attachment)) == 0
    assert not [path for path in (place.site.folder / "files").rglob("*") if path.is_file()]
    place.check()


def test_slow_clients_keep_nobody_waiting(place_on: Callable[..., Place]) -> None:
    place = place_on("sqlite", writes=40)
    writer = place.person("needs")
    writer.one()
    stopped = threading.Event()
    slow = [threading.Thread(target=drip, args=(writer, stopped, n % 2 == 0), daemon=True) for n in range(DROPS)]
    for thread in slow:
        thread.start()
    took, until = [], time.monotonic() + SLOW_FOR
    while time.monotonic() < until:
        began = time.monotonic()
        writer.visitor.get("/needs")
        writer.one()
        took.append(time.monotonic() - began)
    stopped.set()
    for thread in slow:
        thread.join(30)
    print(f"{len(took)} pages and posts beside {DROPS} slow clients; the longest took {max(took):.2f} s")
    assert len(writer.account.acknowledged()) == len(took) + 1
    assert max(took) < SLOW_FOR
    place.settle()
    place.check()


def drip(writer: object, stopped: threading.Event, in_body: bool) -> None:
    """Send a head, or a body, a byte at a time, until told to stop."""
    visitor = writer.visitor  # type: ignore[attr-defined]
    words = begin(visitor, "/sign-in", "application/x-www-form-urlencoded", 4000)
    with line_to(visitor) as line:
        try:
            line.sendall(words if in_body else words[:40])
            while not stopped.wait(0.1):
                line.sendall(b"a")
        except OSError:
            # The head has to be there in time: whoever is too slow is hung up on.
            return


@pytest.fixture
def mails() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.mark.at_length
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_mails_wait_for_a_server_that_is_down(mails: MailServer, place_on: Callable[..., Place], engine: str) -> None:
    place = place_on(engine, writes=40, SMTP_URL=mails.url)
    writer = place.person("pledges")
    for _ in range(3):
        writer.one()
    place.settle()
    wait_for(lambda: "the mail server cannot be reached" in place.site.log.read_text(), "nobody has tried")
    waiting = checker.mails_waiting(place.database)
    assert waiting > 0
    assert not mails.taken
    mails.start()
    # It is left alone for half a minute, then a minute; then everything goes, each mail once.
    wait_for(lambda: not checker.mails_waiting(place.database), "the mails are not sent", 240)
    faults = checker.mailed(place.database, mails.taken, 0)
    assert not any(faults.values()), faults
    assert set(mails.taken.values()) == {1}
    assert len(mails.taken) >= waiting
    place.check()
