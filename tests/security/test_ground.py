"""What the attacks compare says the same of two tries that differ by chance alone."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.security.ground import differences


def said_of(stamp: str) -> list[str]:
    return differences(Counter(), Counter([f"accounts: ('Kwame Mensah', 'active', '{stamp}', 5)"]))


@pytest.mark.parametrize(
    "stamp", ["-kcXyMkdqfrAhUZEcrh1zg", "qkcXyMkdqfrAhUZEcrh1z-", "--cXyMkdqfr-_UZEcrh1-_", "_" * 22]
)
def test_a_stamp_is_a_matter_of_chance_whatever_it_begins_with(stamp: str) -> None:
    assert said_of(stamp) == said_of("qkcXyMkdqfrAhUZEcrh1zg")


def test_a_word_that_somebody_sent_is_none() -> None:
    assert said_of("-focal_point") != said_of("-secretariat")
