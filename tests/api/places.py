"""One record of every kind that programs write to, of a State, a donor and a centre, and what their addresses are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.foundation.files import files_of, keep_files
from app.foundation.permissions import ANONYMOUS
from app.pledges.models import Contribution
from tests.documents import pdf

HAVE_FILES = ("need", "programme", "course", "lesson", "pledge")


def records(world, tx, files, now):
    """The three organisations, and by name the references of records in which they meet, and of a file on each."""
    places = [world.organisation(kind) for kind in ("state", "donor", "centre")]
    state, donor, centre = places
    need = world.need(state, indicators=[{}])
    session = world.course_session(world.course(centre))
    kept = {
        "need": need, "programme": world.programme(donor), "course": session.course, "session": session,
        "lesson": world.lesson(state), "output": world.output(state),
        "organisation": donor, "pledge": world.pledge(need, donor),
        "nomination": world.nomination(session, state),
        "pledge on its way": world.pledge(need, donor, status="delivering", accepted_at=now),
    }  # fmt: skip
    kept["delivery"] = _delivery(kept["pledge on its way"], now)
    for kind in HAVE_FILES:
        keep_files(tx, kept[kind], None, [("plan.pdf", pdf())], files, now)
    tx.flush()
    refs = {kind: record.ref for kind, record in kept.items()}
    refs |= {f"{kind} file": files_of(tx, refs[kind], ANONYMOUS)[0].ref for kind in HAVE_FILES}
    return places, refs


def _delivery(pledge, now):
    part = Contribution(
        quantity=Decimal(2), donor_much=Decimal(2), donor_confirmed_at=now, delivered_on=date(2026, 11, 1),
        created_at=now, changed_at=now,
    )  # fmt: skip
    pledge.lines[0].contributions.append(part)
    return part


def parts_of(path, refs):
    """The parts of an address with names in it, as the records that are there are called."""
    known = {"need_ref": refs["need"], "session_ref": refs["session"], "kind": "programme", "name": "themes",
             "offer_ref": refs["programme"], "part_ref": refs["delivery"]}  # fmt: skip
    kind = path.split("/")[1].removesuffix("s")
    known |= {"ref": refs.get(kind, ""), "fref": refs.get(f"{kind} file", "")}
    if "/deliveries" in path:
        known["ref"] = refs["pledge on its way"]
    return {name: value for name, value in known.items() if f"{{{name}}}" in path}
