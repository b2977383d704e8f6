import pytest

from app.help.queries import PROOFS
from app.help.rules import STEPS, steps_for
from app.organisations.rules import KINDS


@pytest.mark.parametrize("who", [*KINDS, "nobody", "unverified", "reader"])
def test_each_kind_of_person_has_three_or_four_steps_of_its_own(who):
    assert who in STEPS
    assert len(steps_for(who)) in {3, 4}


def test_a_kind_that_nobody_foresaw_has_the_readers_steps():
    assert steps_for("ministry of magic") == STEPS["reader"]


def test_every_proof_can_be_looked_for():
    proofs = {step.proof for steps in STEPS.values() for step in steps if step.proof}
    assert proofs == set(PROOFS)
