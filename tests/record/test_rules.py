"""Whatever is put on record anywhere can be told in words: a new action without words fails here."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from app.closing import rules as closing
from app.conversations.clarifications import rules as clarifications
from app.foundation.messages import Message
from app.matching.advice.service import EVENTS as ANSWER_EVENTS
from app.matching.feedback.rules import DECIDED_ACTIONS, SAID_ACTIONS
from app.matching.looks import LOOKED
from app.needs import rules as needs
from app.nominations import rules as nominations
from app.nominations.sponsors import rules as sponsors
from app.organisations.rules import ACTIONS as ORGANISATION_ACTIONS
from app.pledges import rules as pledges
from app.programmes.rules import ENDED_AS
from app.record.details import GONE, details_in_words, people_in
from app.record.kinds import KINDS
from app.record.names import RECORDS
from app.record.rules import WORDS, is_reference, record_words, words_of
from tests.architecture.reading import Function, Module, called, modules, none_of

# What stands in the braces of f"need.{status}": every place that a record may come to.
FILLED = {
    "need.": (needs.PUBLISHED | needs.ENDED),
    "pledge.": set(pledges.STEPS) - {"interest"},
    "programme.": set(ENDED_AS.values()),
    "sponsorship.": sponsors.MOVES[sponsors.OFFERED],
    "nomination.": set(nominations.MOVES) - {"nominated"},
    "clarification.": (set(clarifications.MOVES) - {"waiting"}) | {"asked"},
    "lesson_request.": closing.STATUSES,
}
TABLES = {
    "ACTIONS": set(ORGANISATION_ACTIONS.values()),
    "SAID_ACTIONS": set(SAID_ACTIONS.values()),
    "DECIDED_ACTIONS": set(DECIDED_ACTIONS.values()),
    "LOOKED": set(LOOKED.values()),
    "EVENTS": set(ANSWER_EVENTS.values()),
}
# The action is the third thing that record_event is told.
PLACE = 2


def recorded(module: Module) -> Iterator[tuple[str, str]]:
    """Every action that the module records, with its place; one that cannot be read is called a question mark."""
    for function in module.functions():
        for call in module.calls(function):
            # Many at a time are written down first; of the rooms that have an Entry of their own, this one records.
            is_entry = called(call) == "Entry" and module.name == "programmes.keeping"
            if called(call) == "record_event" or is_entry:
                place = 0 if is_entry else PLACE
                told = call.args[place] if len(call.args) > place else call
                for action in actions_of(told, function):
                    yield action, f"{module.name}:{call.lineno} {ast.unparse(told)}"


def actions_of(node: ast.expr, function: Function) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return actions_of(node.body, function) | actions_of(node.orelse, function)
    if isinstance(node, ast.JoinedStr):
        return filled(node, function)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return TABLES.get(node.value.id, {"?"})
    if isinstance(node, ast.Name):
        given = [one.value for one in ast.walk(function) if isinstance(one, ast.Assign) and is_name(one, node.id)]
        return {action for value in given for action in actions_of(value, function)} or {"?"}
    return {"?"}


def is_name(assigned: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in assigned.targets)


def filled(text: ast.JoinedStr, function: Function) -> set[str]:
    """f"need.{status}" with everything that may stand in the braces, which come last."""
    first, last = text.values[0], text.values[-1]
    if len(text.values) != 2 or not isinstance(first, ast.Constant) or not isinstance(last, ast.FormattedValue):
        return {"?"}
    beginning = str(first.value)
    if isinstance(last.value, ast.IfExp):
        return {f"{beginning}{ending}" for ending in actions_of(last.value, function)}
    return {f"{beginning}{ending}" for ending in FILLED.get(beginning, ("?",))}


def speechless(module: Module) -> list[str]:
    return [f"{place}: {action} has no words" for action, place in recorded(module) if action not in WORDS]


def test_every_action_that_is_recorded_has_words():
    none_of(offence for module in modules() for offence in speechless(module))


def test_the_actions_of_the_site_are_found():
    found = {action for module in modules() for action, _place in recorded(module)}
    assert found >= {
        "account.signed_in", "need.posted", "need.withdrawn", "pledge.interest_stated", "pledge.delivering",
        "programme.cancelled", "programme.imported_again", "organisation.reinstated", "audit.exported", "export.made",
    }  # fmt: skip


@pytest.mark.parametrize(
    "action",
    ['"need.vanished"', 'f"need.{a}.{b}"', "action", "OTHER[move]", 'f"sheet.{status}"', '"need.met" if x else "a.b"'],
)
def test_an_action_without_words_is_found(action):
    module = Module("needs.service", f"def move(tx):\n    audit.record_event(tx, actor, {action}, need, now)\n")
    assert speechless(module)


def test_an_action_given_by_name_is_not_overlooked():
    assert speechless(Module("needs.service", 'def f(tx):\n    record_event(tx, actor, action="need.sung")\n'))


def test_every_action_stands_in_one_kind():
    assert sum(len(kind.words) for kind in KINDS.values()) == len(WORDS)


def test_every_kind_of_record_has_words(world, tx):
    state = world.organisation()
    need, course = world.need(state), world.course(world.organisation("centre"), sessions=[{}])
    donor = world.organisation("donor")
    meeting = world.meeting(state, invited=[donor])
    records = [
        state, world.account(state), need, course, course.sessions[0], world.programme(donor), world.lesson(state),
        world.output(state), world.pledge(need, donor), meeting, world.action_point(meeting, donor),
    ]  # fmt: skip
    kinds = {getattr(record, "record_kind", type(record).__name__.lower()) for record in records}
    assert kinds <= set(RECORDS)


def test_what_the_site_no_longer_knows_speaks_for_itself():
    assert str(words_of("need.sung")) == "need.sung"
    assert str(record_words("song")) == "song"


@pytest.mark.parametrize(("text", "is_one"), [("N-7KQ2-MX4T", True), ("N-7KQ2", True), ("AS-7KQ2-M", True),
    ("Diallo", False), ("%", False), ("N-", False), ("N-7KQ2-MX4T-X", False), ("", False)])  # fmt: skip
def test_a_reference_is_told_by_its_shape(text, is_one):
    assert is_reference(text) is is_one


# --- details ---


def said(details, people=()):
    return [str(phrase) for phrase in details_in_words(details, dict(people))]


def test_details_are_told_in_words():
    details = {"member": 9, "role": "editor", "locked": False, "new_browser": True, "sent": False}
    assert said(details, {9: "Aminata Diallo"}) == [
        "concerns Aminata Diallo",
        "role: Editor (writes)",
        "with a browser not used before",
        "there was nobody to send a mail to",
    ]
    assert said({"waits": ["gate", "review"]}) == ["waits for: the national focal point", "waits for: the secretariat"]
    assert said({"excess": {"NL-2222-2222": "5"}, "reason": ""}) == ["line NL-2222-2222 goes 5 beyond what was asked"]


def test_details_that_nobody_foresaw_are_told_as_they_stand():
    assert said({"colour": "red", "many": [1, 2], "odd": None, "yes": True}) == [
        "colour: red",
        "many: 1",
        "many: 2",
        "yes: True",
    ]
    assert said({"reason": "100% %(sure)s"}) == ["reason: 100% %(sure)s"]
    assert said({"role": "emperor"}) == ["role: emperor"]


def test_somebody_whose_account_is_closed_is_not_a_number():
    phrase = details_in_words({"member": 9}, {9: ""})[0]
    assert isinstance(phrase.values["value"], Message)
    assert phrase.values["value"] == GONE


def test_people_are_found_in_details():
    assert list(people_in({"member": 1, "from": 2, "to": 3, "drafts": 4, "role": "x"})) == [1, 2, 3]
    assert list(people_in({"to": "N-7KQ2-MX4T"})) == []
