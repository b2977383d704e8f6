import email
import smtplib
import socket
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.accounts.models import Invitation
from app.accounts.queries import invitation_for
from app.notifications import mailer
from app.notifications.letters import INVITATION_LINK
from app.notifications.models import Mail
from app.notifications.pace.rules import NOT_SEEN
from app.notifications.rules import MOST_ATTEMPTS, cause_of
from app.notifications.service import MailDraft, put_mails


class Box:
    """What a mail server got; `refuses` is what it answers to the next mails instead of taking them."""

    def __init__(self):
        self.mails = []
        self.refuses = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the server calls it by this name
        if self.refuses:
            return self.refuses.pop(0)
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=default)))
        return "250 taken"


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def site(app, box, settings):
    """A site whose mails go to a real server on this machine."""
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    part = app.extensions["counterpart"]
    part.settings = replace(settings, smtp_url=f"smtp://127.0.0.1:{controller.port}")
    yield part
    controller.stop()


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@pytest.fixture
def letter(tx, world, now):
    """A mail to a donor's editor about a need, waiting to be sent."""
    need = world.need(world.organisation())
    person = world.account(world.organisation("donor"))

    def put(**kw):
        values = {"subject": "A need fits", "body": "Chère collègue,\nà lire.\n", "recipient": person.email, **kw}
        cause = kw.pop("cause", None) or cause_of("need_fits", ("need", need.ref))
        put_mails(tx, [MailDraft(**{**values, "cause": cause})], "localhost", now)
        tx.flush()
        return tx.scalars(select(Mail).order_by(Mail.id.desc())).first()

    put.need, put.person = need, person
    return put


def text_of(message):
    """The plain half."""
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_mail_is_sent_once(tx, site, box, letter, now):
    mail = letter()
    assert mailer.send_waiting(site, now, 10) == 1
    assert mailer.send_waiting(site, now + timedelta(hours=1), 10) == 0
    ((recipients, message),) = box.mails
    assert recipients == [letter.person.email]
    assert message["Subject"] == "A need fits"
    assert message["Message-ID"] == mail.message_id
    assert message["From"].addresses[0].addr_spec == "no-reply@localhost"
    assert text_of(message) == "Chère collègue,\nà lire.\n"
    tx.expire_all()
    assert (mail.sent_at, mail.attempts, mail.last_error) == (now, 1, "")


def test_what_the_server_did_not_take_is_tried_again_under_the_same_message_id(tx, site, box, letter, now):
    mail = letter()
    box.refuses = ["451 come back later"]
    assert mailer.send_waiting(site, now, 10) == 0
    tx.expire_all()
    assert "451" in mail.last_error
    assert mailer.send_waiting(site, now + timedelta(minutes=4), 10) == 0
    assert mailer.send_waiting(site, now + timedelta(minutes=5), 10) == 1
    assert box.mails[0][1]["Message-ID"] == mail.message_id


def test_a_worker_that_died_between_sending_and_marking_repeats_under_the_same_message_id(tx, site, box, letter, now):
    mail = letter()

    def die(*_args):
        raise KeyboardInterrupt

    with replaced(mailer, "_mark_sent", die), pytest.raises(KeyboardInterrupt):
        mailer.send_waiting(site, now, 10)
    tx.expire_all()
    assert mail.sent_at is None
    assert mailer.send_waiting(site, now + timedelta(minutes=5), 10) == 1
    assert [message["Message-ID"] for _to, message in box.mails] == [mail.message_id] * 2


@contextmanager
def replaced(module, name, value):
    kept = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, kept)


def test_a_claimed_mail_is_left_to_whoever_claimed_it(tx, site, box, letter, now):
    mail = letter()
    mail.claimed_at, mail.attempts = now, 1
    tx.flush()
    assert mailer.send_waiting(site, now + timedelta(minutes=1), 10) == 0
    assert box.mails == []


def test_a_server_that_cannot_be_reached_loses_nothing(tx, site, box, letter, now):
    reachable, away = site.settings, replace(site.settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    mail = letter()
    site.settings = away
    assert mailer.send_waiting(site, now, 10) == 0
    site.settings = reachable
    assert mailer.send_waiting(site, now + timedelta(minutes=5), 10) == 1
    tx.expire_all()
    assert mail.sent_at is not None


def test_a_refusal_for_good_is_not_tried_again(tx, site, box, letter, now):
    mail = letter()
    box.refuses = ["554 never"]
    mailer.send_waiting(site, now, 10)
    tx.expire_all()
    assert mail.attempts == MOST_ATTEMPTS
    assert mailer.send_waiting(site, now + timedelta(days=9), 10) == 0


def test_one_mail_that_is_refused_does_not_hold_up_the_next(site, box, letter, world, now):
    letter()
    letter(recipient=world.account(world.organisation("donor")).email)
    box.refuses = ["451 later"]
    assert mailer.send_waiting(site, now, 10) == 1


def test_what_its_reader_may_not_see_any_more_is_not_sent(tx, site, box, letter, now):
    mail = letter()
    letter.need.disclosure = "own"
    tx.flush()
    assert mailer.send_waiting(site, now, 10) == 0
    tx.expire_all()
    assert (box.mails, mail.body, mail.last_error) == ([], "", mailer.withheld(NOT_SEEN))
    assert mailer.send_waiting(site, now + timedelta(days=9), 10) == 0


def test_somebody_whose_account_is_closed_gets_nothing(tx, site, box, letter, now):
    letter()
    letter.person.status = "closed"
    tx.flush()
    assert mailer.send_waiting(site, now, 10) == 0
    assert box.mails == []


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b\r\nBcc: c@d.example", "one@a.example, two@b.example"])
def test_what_is_no_address_gets_no_mail(tx, site, box, letter, now, recipient):
    mail = letter(recipient=recipient, cause="organisation_refused|organisation:O-1")
    assert mailer.send_waiting(site, now, 10) == 0
    tx.expire_all()
    assert (box.mails, mail.attempts) == ([], MOST_ATTEMPTS)


def test_no_value_begins_another_header(site, box, letter, now):
    letter(subject="Need\r\nBcc: everybody@example.org\r\n\r\nBuy now")
    mailer.send_waiting(site, now, 10)
    ((recipients, message),) = box.mails
    assert recipients == [letter.person.email]
    assert message["Bcc"] is None
    assert message["Subject"] == "Need Bcc: everybody@example.org Buy now"


@pytest.fixture
def invitation(tx, world, now):
    made = Invitation(
        organisation=world.organisation(), email="new@ministry.example", role="editor", created_at=now, invited_by=None,
        expires_at=now + timedelta(days=7),
    )  # fmt: skip
    tx.add(made)
    tx.flush()
    return made


def test_the_link_of_an_invitation_is_put_in_when_it_is_sent(tx, site, box, letter, invitation, now):
    mail = letter(
        recipient=invitation.email, body=f"Open {INVITATION_LINK}", cause=f"invitation|invitation:{invitation.ref}"
    )
    assert mailer.send_waiting(site, now, 10) == 1
    text = text_of(box.mails[0][1])
    token = text.split("http://localhost:5000/invitations/")[1].strip()
    assert invitation_for(tx, site.settings.secret_key, token, now) == invitation
    tx.expire_all()
    assert token not in mail.body


def test_an_invitation_that_was_revoked_is_not_sent(tx, site, box, letter, invitation, now):
    invitation.revoked_at = now
    letter(recipient=invitation.email, body=INVITATION_LINK, cause=f"invitation|invitation:{invitation.ref}")
    assert mailer.send_waiting(site, now, 10) == 0
    assert box.mails == []


def test_without_a_server_mails_are_files(app, letter, now):
    part = app.extensions["counterpart"]
    mail = letter()
    mailer.send_mails(part)
    (file,) = (part.settings.data_dir / "mail").glob("*.eml")
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert message["Message-ID"] == mail.message_id
    assert message["To"].addresses[0].addr_spec == letter.person.email


def test_a_password_is_never_sent_in_the_clear(box):
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(smtplib.SMTPException):
            mailer.connect(f"smtp://user:password@127.0.0.1:{controller.port}")
    finally:
        controller.stop()
