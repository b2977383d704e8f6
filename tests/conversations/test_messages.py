"""Private messages: between which two they go, who reads and writes them, and that nothing of them goes outside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Account
from app.accounts.privacy.service import erase
from app.conversations.messages import queries, rules, service
from app.conversations.messages.events import MessageSent
from app.conversations.messages.models import Message, ThreadRead
from app.conversations.messages.service import MessageDraft
from app.conversations.messages.talks import talk_of, talk_on_match, talk_on_pledge
from app.foundation.audit import history_of
from app.foundation.filing.files import FileRefused, FileStore
from app.foundation.permissions import ANONYMOUS, Refused
from app.matching.models import Match
from app.notifications.conversation_news import message_sent
from app.notifications.service import put_notices
from app.notifications.telling import Telling
from tests.notifications.mailbox import letters


@pytest.fixture
def pledge(square):
    return square.world.pledge(square.need, square.donors[0])


def match_of(square, **kw):
    programme = square.world.programme(square.donors[1], **kw)
    square.tx.add(
        Match(
            need_id=square.need.id, offer_kind="programme", offer_id=programme.id,
            offer_organisation_id=programme.organisation_id, need_organisation_id=square.need.organisation_id,
            need_version=1, offer_version=1, gate="match", strength="strong", score=1, reasons=[], obstacles=[],
            lines=[], computed_at=square.now,
        )
    )  # fmt: skip
    square.tx.flush()
    return programme


def write(square, actor, talk, folder, text="Good day.", files=(), now=None):
    organisation = next(iter(talk.organisation_ids & actor.organisation_ids))
    return service.send(
        square.tx, actor, organisation, talk, MessageDraft(text, "en", files), FileStore(folder), now or square.now
    )


def test_two_sides_of_a_pledge_write_and_nobody_else_reads(square, pledge, tmp_path):
    talk = talk_on_pledge(square.tx, square.askers[0], pledge.ref)
    first = write(square, square.askers[0], talk, tmp_path, files=[("plan.txt", b"the plan")])
    back = talk_on_pledge(square.tx, square.owner, pledge.ref)
    assert back.thread.id == first.thread_id
    write(square, square.owner, back, tmp_path, "Thank you.")
    seen = queries.written_in(square.tx, square.owner, back.thread, None)
    assert [(one.message.text, one.is_own, len(one.files)) for one in seen.items] == [
        ("Good day.", False, 1),
        ("Thank you.", True, 0),
    ]
    office = square.world.somebody("secretariat", "focal_point")
    for other in (square.askers[1], office, ANONYMOUS):
        assert queries.find_thread(square.tx, other, back.thread.ref) is None
        assert talk_on_pledge(square.tx, other, pledge.ref) is None
        assert queries.threads_of(square.tx, other, None).total == 0
    file = seen.items[0].files[0]
    assert queries.file_in(square.tx, square.owner, back.thread, file.ref).name == "plan.txt"
    assert [event.action for event in history_of(square.tx, back.thread.ref)] == ["message.sent"] * 2
    assert all("Good day" not in str(event.details) for event in history_of(square.tx, back.thread.ref))


def test_members_read_and_editors_write(square, pledge, tmp_path):
    member = square.world.actor(square.world.account(square.donors[0], "member"))
    talk = talk_on_pledge(square.tx, member, pledge.ref)
    assert rules.writes_for(member, talk.organisation_ids) == ()
    with pytest.raises(Refused):
        write(square, member, talk, tmp_path)
    thread = write(square, square.askers[0], talk, tmp_path).thread
    assert queries.find_thread(square.tx, member, thread.ref) is not None


def test_nobody_writes_for_the_other_side(square, pledge, tmp_path):
    talk = talk_on_pledge(square.tx, square.askers[0], pledge.ref)
    for organisation in (square.state, square.donors[1]):
        with pytest.raises(Refused):
            service.send(
                square.tx, square.askers[0], organisation.id, talk, MessageDraft("X", "en"), tmp_path, square.now
            )


def test_a_thread_ends_with_the_pledge_and_stays_readable(square, pledge, tmp_path):
    thread = write(square, square.askers[0], talk_on_pledge(square.tx, square.askers[0], pledge.ref), tmp_path).thread
    pledge.status = "withdrawn"
    square.tx.flush()
    talk = talk_of(square.tx, square.owner, thread)
    assert talk.closed == rules.CLOSED["pledge"]
    with pytest.raises(rules.SendRefused):
        write(square, square.owner, talk, tmp_path)
    assert queries.written_in(square.tx, square.owner, thread, None).total == 1


def test_two_sides_of_a_match(square, tmp_path):
    programme = match_of(square)
    talk = talk_on_match(square.tx, square.owner, square.need.ref, programme.ref)
    thread = write(square, square.owner, talk, tmp_path).thread
    assert talk_on_match(square.tx, square.askers[1], square.need.ref, programme.ref).thread.id == thread.id
    assert talk_on_match(square.tx, square.askers[0], square.need.ref, programme.ref) is None
    programme.status = "4"
    square.tx.flush()
    assert talk_of(square.tx, square.owner, thread).closed == rules.CLOSED["offer"]
    programme.status, square.need.status = "2", "closed"
    square.tx.flush()
    assert talk_of(square.tx, square.owner, thread).closed == rules.CLOSED["need"]


def test_a_message_does_not_tell_of_a_record_that_the_other_side_may_not_see(square, tmp_path):
    programme = match_of(square, disclosure="own")
    talk = talk_on_match(square.tx, square.askers[1], square.need.ref, programme.ref)
    assert talk.closed == rules.CLOSED["hidden"]
    with pytest.raises(rules.SendRefused):
        write(square, square.askers[1], talk, tmp_path)
    assert talk_on_match(square.tx, square.owner, square.need.ref, programme.ref) is None
    # What was written before stays, and does not show the title of what is hidden by now.
    programme.disclosure = "public"
    square.tx.flush()
    open_talk = talk_on_match(square.tx, square.owner, square.need.ref, programme.ref)
    thread = write(square, square.owner, open_talk, tmp_path).thread
    programme.disclosure = "own"
    square.tx.flush()
    assert talk_of(square.tx, square.owner, thread).offer is None
    assert talk_of(square.tx, square.askers[1], thread).offer is programme


def test_within_one_organisation_there_is_nothing_to_write(square):
    own = square.world.pledge(square.need, square.state)
    assert talk_on_pledge(square.tx, square.owner, own.ref) is None


def test_what_is_unread_is_each_persons_own(square, pledge, tmp_path):
    colleague = square.world.actor(square.world.account(square.state))
    talk = talk_on_pledge(square.tx, square.askers[0], pledge.ref)
    thread = write(square, square.askers[0], talk, tmp_path).thread
    unread = lambda who: queries.unread_in(square.tx, who, [thread.id]).get(thread.id, 0)  # noqa: E731
    assert [unread(who) for who in (square.owner, colleague, square.askers[0])] == [1, 1, 0]
    service.mark_read(square.tx, square.owner, thread)
    assert [unread(who) for who in (square.owner, colleague)] == [0, 1]
    write(square, colleague, talk_of(square.tx, colleague, thread), tmp_path)
    assert [unread(who) for who in (square.owner, colleague, square.askers[0])] == [1, 0, 1]


def test_files_are_of_kinds_that_are_taken(square, pledge, tmp_path):
    talk = talk_on_pledge(square.tx, square.askers[0], pledge.ref)
    for name, content in (("run.exe", b"MZ"), ("plan.pdf", b"no pdf"), ("empty.txt", b"")):
        with pytest.raises(FileRefused):
            write(square, square.askers[0], talk, tmp_path, files=[(name, content)])


def test_a_mail_tells_that_there_is_a_message_and_nothing_of_it(app, square, pledge, tmp_path, settings):
    talk = talk_on_pledge(square.tx, square.askers[0], pledge.ref)
    message = write(square, square.askers[0], talk, tmp_path, "A secret word", [("plan.txt", b"the plan")])
    telling = Telling(square.tx, settings)
    message_sent(telling, MessageSent(message.id))
    assert [notice.account_id for notice in telling.notices] == [square.owner.account_id]
    assert [notice.by_mail for notice in telling.notices] == [True]
    put_notices(square.tx, telling.notices, square.now)
    (letter,) = letters(square.tx, app.extensions["counterpart"], square.now)
    whole = letter.subject + letter.text + letter.html
    for word in ("secret", "plan.txt", square.need.title, square.donors[0].name):
        assert word not in whole
    # A second one before the first was read: a notice, and no further mail.
    again = write(square, square.askers[0], talk_of(square.tx, square.askers[0], message.thread), tmp_path, "More")
    telling = Telling(square.tx, settings)
    message_sent(telling, MessageSent(again.id))
    assert [notice.by_mail for notice in telling.notices] == [False]


def test_whose_personal_data_is_erased_has_no_name_and_the_message_stays(square, pledge, tmp_path):
    talk = talk_on_pledge(square.tx, square.askers[0], pledge.ref)
    thread = write(square, square.askers[0], talk, tmp_path).thread
    erase(square.tx, square.tx.get_one(Account, square.askers[0].account_id))
    square.tx.flush()
    seen = queries.written_in(square.tx, square.owner, thread, None).items[0]
    assert (seen.name, seen.message.text) == ("", "Good day.")
    assert square.tx.scalars(select(ThreadRead)).all() == []


def test_the_last_page_is_shown_first(square, pledge, tmp_path):
    talk = talk_on_pledge(square.tx, square.askers[0], pledge.ref)
    for number in range(23):
        talk = talk if number == 0 else talk_on_pledge(square.tx, square.askers[0], pledge.ref)
        write(square, square.askers[0], talk, tmp_path, f"No. {number}", now=square.now + timedelta(minutes=number))
    thread = talk.thread
    assert [one.message.text for one in queries.written_in(square.tx, square.owner, thread, None).items] == [
        "No. 20", "No. 21", "No. 22",
    ]  # fmt: skip
    assert square.tx.scalars(select(Message)).all()[0].thread_id == thread.id
