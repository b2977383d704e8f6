"""What may be somebody trying for more than is allowed: one line of the log each, for whoever watches over the site.

It goes to the log and not into the chained record, which a flood of tries would swell. A line names the route, the
number of the account and the reference of the request; addresses of people and what they typed stay out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import has_request_context, request

from app.foundation.audit.chain import request_ref
from app.foundation.web import actor

log = structlog.get_logger()

KINDS: Mapping[str, str] = {
    "refused": "somebody asked for what the person may not do (403)",
    "hidden": "somebody signed in asked for a record that is not there for the person (404)",
    "token": "a form came without a good token (403)",
    "forged_host": "the site was asked for under a name that is not its own (400)",
    "too_many": "more requests came than are taken (429)",
    "too_large": "more was sent than is taken (413)",
    "unreadable": "a request that no page of ours sends: wrong method, or it cannot be read (400, 405, 415)",
    "file": "a file of a kind, size or content that is not taken",
    "infected": "the scanner found something in a file that was sent",
    "link": "the word of a mailed link was not signed here",
    "passkey": "a passkey could not be checked",
    "password": "the password, typed once more by somebody signed in, was wrong or locked",
    "code": "the code of a second step was wrong, used or locked",
}
"""What is noted, by its name in the log (`kind`)."""


def note(kind: str, **details: str | int) -> None:
    """Write one line; `details` are words of ours and numbers, never what somebody typed.

    Raises:
        LookupError: there is no such kind.
    """
    if kind not in KINDS:
        raise LookupError(kind)
    log.warning("security", kind=kind, **where(), **details)


def where() -> dict[str, Any]:
    """Which request is answered, without the values in its address: mailed links carry words in theirs."""
    if not has_request_context():
        return {}
    rule = request.url_rule.rule if request.url_rule is not None else None
    account = actor().account_id if actor().is_signed_in else None
    return {"route": rule, "method": request.method, "account": account, "request": request_ref()}
