"""What an event says beyond its action, in words: reasons, roles, people, other records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from app.accounts.proof.rules import KINDS as STEP_KINDS
from app.accounts.proof.rules import WAYS
from app.accounts.rules import ROLES
from app.foundation.messages import Message, msg
from app.matching.feedback.rules import REASONS
from app.matching.relations.rules import ANSWERS, REPLACE, UNANSWERED
from app.organisations.rules import KINDS as ORGANISATION_KINDS
from app.organisations.rules import PASSING

People: TypeAlias = Mapping[int, str]
"""Names of people by the numbers of their accounts."""

PEOPLE_IN = ("member", "from", "to")
"""Details that hold the number of an account."""

PLAIN: Mapping[str, Message] = {
    "reason": msg("reason: %(value)s"),
    "member": msg("concerns %(value)s"),
    "from": msg("handed over by %(value)s"),
    "to": msg("handed over to %(value)s"),
    "role": msg("role: %(value)s"),
    "way": msg("way: %(value)s"),
    "kind": msg("kind: %(value)s"),
    "passing": msg("from now on: %(value)s"),
    "waits": msg("waits for: %(value)s"),
    "left": msg("still waits for others: %(value)s"),
    "drafts": msg("drafts handed over: %(value)s"),
    "in_a_row": msg("tries in a row: %(value)s"),
    "rows": msg("rows: %(value)s"),
    "facts": msg("events: %(value)s"),
    "what": msg("what: %(value)s"),
    "source": msg("file: %(value)s"),
    "named": msg("source: %(value)s"),
    "new": msg("new: %(value)s"),
    "course": msg("course %(value)s"),
    "meeting": msg("meeting %(value)s"),
    "indicator": msg("indicator %(value)s"),
    "contribution": msg("delivery %(value)s"),
    "sign_in": msg("sign-in %(value)s"),
    "step": msg("second step %(value)s"),
    "into": msg("merged into %(value)s"),
    "gone": msg("merged from %(value)s"),
    "application": msg("application %(value)s"),
    "changed": msg("changed: %(value)s"),
    "need": msg("need %(value)s"),
    "offer": msg("offer %(value)s"),
    "because": msg("because: %(value)s"),
    "one": msg("record %(value)s"),
    "other": msg("beside %(value)s"),
    "relation": msg("answer: %(value)s"),
    "before": msg("before: %(value)s"),
    "finding": msg("found: %(value)s"),
    "sealed": msg("seal of whoever asked: %(value)s"),
    "token": msg("token %(value)s"),
    "scope": msg("scope: %(value)s"),
    "program": msg("by a program, with the token %(value)s"),
}
TOLD_IF_SO: Mapping[str, Message] = {
    "locked": msg("the account was locked at that time"),
    "new_browser": msg("with a browser not used before"),
}
TOLD_EITHER_WAY: Mapping[str, tuple[Message, Message]] = {
    "sent": (msg("a mail was sent"), msg("there was nobody to send a mail to")),
}
EXCESS = msg("line %(line)s goes %(by)s beyond what was asked")
GONE = msg("somebody whose account is closed")

WAITS: Mapping[str, Message] = {
    "gate": msg("the national focal point"),
    "consent": msg("the State’s consent"),
    "review": msg("the secretariat"),
}
FIELDS: Mapping[str, Message] = {
    "acronym": msg("Acronym"),
    "language": msg("Language"),
    "website": msg("Website"),
    "about": msg("What it does"),
}
CODES: Mapping[str, Mapping[str, Message]] = {
    "role": {code: label.name for code, label in ROLES.items()},
    "way": WAYS,
    "passing": PASSING,
    "waits": WAITS,
    "changed": FIELDS,
    "because": REASONS,
    "relation": {**ANSWERS, UNANSWERED: msg("not answered yet")},
    "before": {**ANSWERS, REPLACE: msg("One replaces the other"), UNANSWERED: msg("not answered yet")},
    "kind": {**{code: label.name for code, label in ORGANISATION_KINDS.items()}, **STEP_KINDS},
    "what": {"record": msg("the record")},
    "scope": {"read": msg("Read what I may read"), "write": msg("Read, and do what I may do")},
}


def details_in_words(details: Mapping[str, Any], people: People) -> list[Message]:
    """What the details of an event say, one phrase for each; what is not known is told as it stands."""
    return [phrase for key, value in details.items() for phrase in _phrases(key, value, people)]


def people_in(details: Mapping[str, Any]) -> Iterator[int]:
    """The numbers of the accounts that the details speak of."""
    for key in PEOPLE_IN:
        if isinstance(details.get(key), int):
            yield details[key]


def _phrases(key: str, value: Any, people: People) -> Iterator[Message]:
    if key in TOLD_IF_SO:
        if value:
            yield TOLD_IF_SO[key]
    elif key in TOLD_EITHER_WAY:
        yield TOLD_EITHER_WAY[key][0 if value else 1]
    elif isinstance(value, Mapping):
        for line, by in value.items():
            yield Message(EXCESS.text, {"line": line, "by": by})
    else:
        values = value if isinstance(value, list) else [value]
        yield from (_phrase(key, one, people) for one in values if one not in ("", None))


def _phrase(key: str, value: Any, people: People) -> Message:
    text = PLAIN[key].text if key in PLAIN else "%(key)s: %(value)s"
    return Message(text, {"key": key, "value": _worded(key, value, people)})


def _worded(key: str, value: Any, people: People) -> Any:
    if key in PEOPLE_IN and isinstance(value, int):
        return people.get(value) or GONE
    named = CODES.get(key, {}).get(str(value))
    return named or (value if type(value) is int else str(value))
