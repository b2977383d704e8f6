"""Work is done once, whoever is killed on the way, and always ends in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.filing.store import FileStore
from app.foundation.messages import msg
from app.foundation.permissions import Permission, Refused
from app.jobs import rules, service
from app.jobs.queries import find_job, may_have_file, next_job, result_path
from app.jobs.runner import work_through
from app.jobs.starting import JobRefused, tend_jobs


def ended(tx, job):
    tx.expire_all()
    return job.state, str(job.words or "")


def events(tx, job):
    return list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == job.ref).order_by(AuditEvent.id)))


def test_work_is_done_with_its_file_and_two_events(tx, world, site, start):
    job = start(world.somebody("donor"))
    assert work_through(site, job.ref)
    assert ended(tx, job) == (rules.DONE, "10 counted.")
    assert (job.done, job.total, job.link, job.file_name) == (10, 10, "/programmes", "ten.csv")
    assert result_path(site.files, job).read_bytes() == b"1,2,3\n"
    assert events(tx, job) == ["job.started", "job.ended"]


def test_what_one_host_has_done_another_gives_out_and_forgets(tx, world, site, start, clock, tmp_path):
    site.settings = replace(site.settings, files_in="database")
    elsewhere = FileStore(tmp_path / "elsewhere", shared=site.database)
    job = start(world.somebody("donor"))
    assert work_through(site, job.ref)
    tx.expire_all()
    assert result_path(elsewhere, job).read_bytes() == b"1,2,3\n"
    later = clock.move(days=8)
    assert service.forget_results(tx, elsewhere, later, clock.wall().replace(year=2100)) == 1
    tx.expire_all()
    assert result_path(elsewhere, job) is None


def test_what_is_done_is_not_done_again(world, site, start):
    job = start(world.somebody("donor"))
    assert work_through(site, job.ref)
    assert not work_through(site, job.ref)


def test_what_another_program_has_is_left_to_it(tx, world, site, start):
    job = start(world.somebody("donor"))
    assert service.claim_job(tx, job.ref, "other", site.clock.wall(), site.clock.now())
    tx.flush()
    assert not work_through(site, job.ref)
    assert next_job(tx, site.clock.wall()) is None


def test_silence_of_ninety_seconds_lets_another_program_take_it_three_times_in_all(tx, world, site, start, clock):
    job = start(world.somebody("donor"))
    for turn in range(rules.MOST_TRIES):
        assert service.claim_job(tx, job.ref, f"dead {turn}", clock.wall(), clock.now())
        clock.move(seconds=91)
        assert next_job(tx, clock.wall()).ref == job.ref
    assert not service.claim_job(tx, job.ref, "fourth", clock.wall(), clock.now())
    tx.flush()
    site.parts.pop("jobs", None)
    tend_jobs(site)
    state, words = ended(tx, job)
    assert state == rules.FAILED
    assert words.startswith("The work broke off 3 times")


def test_a_program_that_was_too_slow_ends_nothing(tx, world, site, start, clock, handler):
    job = start(world.somebody("donor"))

    def slow(_site, job, progress):
        clock.move(seconds=91)
        assert service.claim_job(tx, job.ref, "quicker", clock.wall(), clock.now())
        tx.flush()
        progress.tell()

    handler(slow)
    assert work_through(site, job.ref)
    assert ended(tx, job)[0] == rules.RUNNING
    assert job.runner == "quicker"


def test_a_refusal_is_told_in_its_words(tx, world, site, start, handler):
    job = start(world.somebody("donor"))

    def refuse(*_):
        raise JobRefused(msg("Choose a file first."))

    handler(refuse)
    work_through(site, job.ref)
    assert ended(tx, job) == (rules.FAILED, "Choose a file first.")


def test_a_fault_is_told_with_a_number_and_nothing_of_the_program(tx, world, site, start, handler):
    job = start(world.somebody("donor"))

    def breaks(*_):
        raise RuntimeError("inner matter")

    handler(breaks)
    work_through(site, job.ref)
    state, words = ended(tx, job)
    assert state == rules.FAILED
    assert "inner" not in words
    assert "Something went wrong on our side" in words


def test_it_stops_at_its_next_step(tx, world, site, start, handler, now):
    actor = world.somebody("donor")
    job = start(actor)
    went_on = []

    def stopped(_site, job, progress):
        tx.refresh(job)
        service.stop_job(tx, actor, job, now)
        tx.flush()
        progress.tell()
        went_on.append(True)

    handler(lambda site, _job, progress: stopped(site, find_job(tx, actor, job.ref), progress))
    work_through(site, job.ref)
    assert ended(tx, job)[0] == rules.STOPPED
    assert went_on == []


def test_what_waits_and_is_stopped_never_begins(tx, world, site, start, now):
    actor = world.somebody("donor")
    job = start(actor)
    service.stop_job(tx, actor, job, now)
    tx.flush()
    assert not work_through(site, job.ref)
    assert events(tx, job) == ["job.started", "job.ended"]


def test_a_program_that_is_told_to_end_hands_its_work_back_and_loses_no_try(tx, world, site, start, handler):
    job = start(world.somebody("donor"))
    handler(lambda _site, _job, progress: progress.tell())
    work_through(site, job.ref, goes_on=lambda: False)
    assert ended(tx, job)[0] == rules.WAITING
    assert job.tries == 0


def test_nobody_starts_what_they_may_not_nor_too_much(tx, world, start):
    with pytest.raises(Refused):
        start(world.somebody("donor"), Permission.AUDIT_READ)
    actor = world.somebody("donor")
    for _ in range(rules.MOST_UNFINISHED):
        start(actor)
    with pytest.raises(rules.TooManyJobs):
        start(actor)


def test_the_file_is_given_as_long_as_all_rights_are_held(tx, world, site, start, clock):
    account = world.account(world.organisation("donor"))
    other = world.membership(account, world.organisation("ngo"))
    job = start(world.actor(account), Permission.PROGRAMME_POST)
    work_through(site, job.ref)
    tx.expire_all()
    assert may_have_file(world.actor(account), job, clock.now())
    other.organisation.status = "applied"
    assert not may_have_file(world.actor(account), job, clock.now())
    other.organisation.status = "trusted"
    other.role = "member"
    assert may_have_file(world.actor(account), job, clock.now())
    tx.delete(other)
    assert not may_have_file(world.actor(account), job, clock.now())


def test_files_go_after_seven_days_and_what_other_work_came_to_as_well_stays(tx, world, site, start, clock):
    first, second = start(world.somebody("donor")), start(world.somebody("ngo"))
    work_through(site, first.ref)
    clock.move(days=2)
    work_through(site, second.ref)
    tx.expire_all()
    path, later = result_path(site.files, first), clock.move(days=5, hours=1)
    service.forget_results(tx, site.files, later, clock.wall().replace(year=2100))
    assert first.file_sha256 == ""
    assert path.exists()
    service.forget_results(tx, site.files, clock.move(days=2), clock.wall().replace(year=2100))
    assert not path.exists()
