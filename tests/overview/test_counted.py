"""What is counted once is the same as what is counted anew, whatever happens in between and whoever asks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.courses import service as courses
from app.foundation.kept.findings import Findings
from app.foundation.permissions import ANONYMOUS
from app.needs import service as needs
from app.needs.models import Need
from app.overview import counted, queries
from app.pledges import service as pledges
from app.programmes import service as programmes
from tests.courses.test_service import DRAFT as COURSE
from tests.courses.test_service import SESSION
from tests.needs.drafts import DRAFT as NEED
from tests.programmes.drafts import DRAFT as PROGRAMME

AFRICA = queries.place_of_grouping("ECOWAS")


class OfEach:
    """What counts needs, programmes and courses, each told by its own kinds alone, as on a site."""

    def __init__(self):
        kinds = {"asked": counted.ASKED, "numbers": counted.ASKED, "offered": counted.OFFERED,
                 "running": counted.OFFERED, "taught": counted.TAUGHT}  # fmt: skip
        self.of = {name: Findings((Need,), about, many=-1) for name, about in kinds.items()}

    def value(self, tx, reader, what, read):
        return self.of[what[0]].value(tx, reader, what, read)


@pytest.fixture
def known():
    return OfEach()


@pytest.fixture
def is_as_counted_anew(tx, known, now):
    def holds(*readers):
        tx.flush()
        return all(
            counted.gaps_by(tx, reader, "theme", now.date(), known=known)
            == queries.gaps_by(tx, reader, "theme", now.date())
            and counted.gaps_by(tx, reader, "country", now.date(), AFRICA, theme="prisons", known=known)
            == queries.gaps_by(tx, reader, "country", now.date(), AFRICA, theme="prisons")
            and counted.numbers(tx, reader, ["SN"], known) == queries.numbers(tx, reader, ["SN"])
            and counted.running_by_country(tx, reader, known=known) == queries.running_by_country(tx, reader)
            for reader in readers
        )

    return holds


def test_needs_pledges_and_what_covers_them(tx, world, now, known, is_as_counted_anew):
    state, donor = (
        world.actor(world.account(world.organisation())),
        world.actor(world.account(world.organisation("donor", country="NO"))),
    )
    readers = (ANONYMOUS, state, donor)
    assert is_as_counted_anew(*readers)
    need = needs.post_need(tx, state, state.main.organisation_id, NEED, now)
    assert counted.numbers(tx, ANONYMOUS, known=known).needs == 1
    assert is_as_counted_anew(*readers)
    line = {"need_line_id": need.lines[0].id, "quantity": Decimal(need.lines[0].quantity or 1)}
    donor_of = tx.get_one(type(need.organisation), donor.main.organisation_id)
    pledge = world.pledge(need, donor_of, lines=[line], accepted_at=None)
    pledges.accept_pledge(tx, state, pledge, now)
    assert is_as_counted_anew(*readers)
    pledges.withdraw_pledge(tx, donor, pledge, "No money.", now)
    assert is_as_counted_anew(*readers)
    needs.end_need(tx, state, need, "withdrawn", "Done by others.", now)
    assert counted.numbers(tx, ANONYMOUS, known=known).needs == 0
    assert is_as_counted_anew(*readers)


def test_programmes_courses_and_their_sessions(tx, world, now, is_as_counted_anew):
    donor, centre = world.somebody("donor"), world.somebody("centre")
    readers = (ANONYMOUS, donor, centre)
    programme = programmes.post_programme(tx, donor, donor.main.organisation_id, PROGRAMME, now)
    assert is_as_counted_anew(*readers)
    course = courses.post_course(tx, centre, centre.main.organisation_id, COURSE, now)
    assert is_as_counted_anew(*readers)
    session = courses.add_session(tx, centre, course, SESSION, now)
    assert is_as_counted_anew(*readers)
    courses.cancel_session(tx, centre, session, "Too few came.", now)
    assert is_as_counted_anew(*readers)
    changed = replace(PROGRAMME, themes=("prisons",), disclosure="own")
    programmes.amend_programme(tx, donor, programme, changed, programme.version, now)
    assert is_as_counted_anew(*readers)
    courses.withdraw_course(tx, centre, course, "The trainer left.", now)
    assert is_as_counted_anew(*readers)
