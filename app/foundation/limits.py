"""How often one person, or one address, may do something: counted by Flask-Limiter.

A locked account is another matter: that is counted in the database (accounts.personal). What is here keeps programs
from guessing, flooding mailboxes and harvesting. What is guarded (LIMITS, looks at people) counts for all processes and
hosts together where there may be several of them, in the database; what any request counts for stays in the process,
which it would cost more to write down than it costs to answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse

from app.config import Settings
from app.foundation import limit_counts
from app.foundation.clock import Clock
from app.foundation.web import actor, caller, is_from_client, site

EVERYTHING = "600 per minute"
"""What nobody does by hand: ten pages in a second, for a whole minute."""
FOR_CLIENTS = "300 per minute"
"""What one token may ask, or one network address without a token."""
LIMITS: Mapping[str, str] = {
    "accounts.sign_in": "20 per minute; 200 per hour",
    "accounts.second_step": "20 per minute; 200 per hour",
    "accounts.passkey": "20 per minute; 200 per hour",
    "accounts.prove": "20 per minute; 200 per hour",
    "accounts.password": "20 per minute; 100 per hour",
    "accounts.forgotten": "10 per minute; 30 per hour",
    "accounts.reset": "20 per minute; 100 per hour",
    "accounts.confirm_email": "20 per minute; 100 per hour",
    "accounts.change_email": "10 per minute; 30 per hour",
    "accounts.accept": "20 per minute; 100 per hour",
    "accounts.people": "30 per minute; 200 per hour",
    "organisations.apply": "10 per minute; 60 per hour",
    "needs.coach": "120 per minute",
    "upkeep.send_answer": "20 per minute; 100 per hour",
    "clarifications.ask": "10 per minute; 40 per hour",
    "messages.send": "20 per minute; 200 per hour",
    "messages.begin_on_pledge": "20 per minute; 200 per hour",
    "messages.begin_on_match": "20 per minute; 200 per hour",
    "mail_links.change": "20 per minute; 100 per hour",
    "mail_links.stop": "20 per minute; 200 per hour",
    "subscriptions.retry": "5 per minute; 10 per hour",
    "nominations.check_certificate": "20 per minute; 120 per hour",
}
"""By endpoint, for what is sent there (POST)."""
IN_PROCESS: dict[str, Any] = {"storage_uri": "memory://", "strategy": "moving-window"}
IN_A_TRIAL = 20
"""Outside production the same person plays many: everything may be done so many times as often."""


def init_app(app: Flask, settings: Settings) -> None:
    """Count from now on. Every route has to be there already.

    Raises:
        KeyError: a limit names a route that there is none of.
    """
    factor = 1 if settings.production else IN_A_TRIAL
    requests = Limiter(
        who,
        **IN_PROCESS,
        enabled=settings.rate_limits,
        default_limits=[lambda: times(FOR_CLIENTS if is_from_client() else EVERYTHING, factor)],
        default_limits_exempt_when=_is_exempt,
    )
    requests.init_app(app)
    guard = Limiter(who, **_where(app, settings), key_prefix="guard", enabled=settings.rate_limits)
    guard.init_app(app)
    app.extensions["limits_of_requests"], app.extensions["limits_of_looks"] = requests, guard
    for endpoint, limit in LIMITS.items():
        guarded: Callable[..., Any] = guard.limit(times(limit, factor), methods=["POST"])(app.view_functions[endpoint])
        app.view_functions[endpoint] = guarded


def _where(app: Flask, settings: Settings) -> dict[str, Any]:
    """Where what is guarded is counted. While the database cannot be reached, each process counts for itself."""
    part = app.extensions["counterpart"]
    if not part.database.is_shared:
        return IN_PROCESS
    options = {"database": lambda: part.database, "secret": settings.secret_key.encode()}
    return {
        "storage_uri": f"{limit_counts.SCHEME}://",
        "storage_options": options,
        "strategy": "sliding-window-counter",
        "in_memory_fallback_enabled": True,
    }


def who() -> str:
    """Whom a request counts for: the token, the person who is signed in, otherwise the network address."""
    if caller():
        return caller()
    person = actor()
    return f"account {person.account_id}" if person.is_signed_in else f"address {get_remote_address()}"


def may_still(limit: str, what: str) -> bool:
    """Count one look of the person who asks at something, and say whether it is still within the limit.

    The same thing looked at again within the hour counts once. Always yes where nothing is counted.
    """
    settings = site().settings
    if not settings.rate_limits:
        return True
    limiter = current_app.extensions["limits_of_looks"]
    if not limiter.limiter.hit(parse("1 per hour"), "look", who(), what):
        return True
    return bool(limiter.limiter.hit(parse(times(limit, 1 if settings.production else IN_A_TRIAL)), "looks", who()))


def standing() -> tuple[int, int, int] | None:
    """How many requests are allowed, how many are left, and in how many seconds there are more; None if not counted."""
    limiter = current_app.extensions["limits_of_requests"]
    now = limiter.current_limit if limiter.enabled else None
    if now is None:
        return None
    # The library counts by the computer's own clock, whatever hour the site is set to.
    return now.limit.amount, max(0, now.remaining), max(1, int(now.reset_at - Clock().wall().timestamp()))


def times(limit: str, factor: int) -> str:
    """The limit with every number so many times as high."""
    return re.sub(r"\b\d+(?= per)", lambda number: str(int(number.group()) * factor), limit)


def _is_exempt() -> bool:
    return request.path.startswith(("/static/", "/health"))
