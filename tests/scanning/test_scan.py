"""What the scanners find passes only where an answer stands for it, and an answer only while something asks for it."""

from __future__ import annotations

import tomllib

import pytest

from tests.scanning.scan import ANSWERED, Finding, unanswered

pytestmark = pytest.mark.one_engine

ANSWERS = [{"tool": "bandit", "text": "B104 app/serve.py:* *", "answer": "It is read, not bound."}]


def test_what_is_answered_passes_wherever_its_line_is():
    assert unanswered([Finding("bandit", "B104 app/serve.py:155 Possible binding")], ANSWERS) == []


@pytest.mark.parametrize(
    "finding",
    [
        Finding("bandit", "B105 app/serve.py:155 Possible binding"),
        Finding("bandit", "B104 app/other.py:155 Possible binding"),
        Finding("wapiti", "B104 app/serve.py:155 Possible binding"),
    ],
)
def test_what_is_not_answered_is_told_and_so_is_the_idle_answer(finding):
    told = unanswered([finding], ANSWERS)
    assert told == [f"{finding.tool}: {finding.text}", "nobody asks any more: bandit: B104 app/serve.py:* *"]


def test_every_answer_says_why():
    answers = tomllib.loads(ANSWERED.read_text(encoding="utf-8"))["answered"]
    assert all(set(one) == {"tool", "text", "answer"} and all(one.values()) for one in answers)
