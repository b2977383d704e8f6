"""Mail that comes back: the address is marked, news stays on the site, and its owner mends it."""

from dataclasses import replace
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.accounts.links.service import set_email
from app.accounts.models import Confirmation
from app.foundation.audit import AuditEvent
from app.foundation.messages import msg
from app.notifications import mailer
from app.notifications.bounces.rules import LARGEST, NoBounce, read_bounce
from app.notifications.models import Delivery, Mail, Notice
from app.notifications.rules import MOST_ATTEMPTS, cause_of
from app.notifications.service import NoticeDraft, put_notices
from tests.running import free_port


class Server:
    """A mail server that answers to recipients as it is told."""

    def __init__(self):
        self.says, self.taken = "250 fine", []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - called by this name
        if self.says.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.says

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - called by this name
        self.taken.append(envelope.rcpt_tos)
        return "250 taken"


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def site(app, server, settings):
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    part = app.extensions["counterpart"]
    part.settings = replace(settings, smtp_url=f"smtp://127.0.0.1:{controller.port}")
    yield part
    controller.stop()


@pytest.fixture
def person(world):
    return world.account(world.organisation("donor"))


@pytest.fixture
def tell(tx, world, person, clock):
    state = world.organisation()

    def happen():
        need = world.need(state)
        cause = cause_of("pledge_made", ("need", need.ref))
        put_notices(tx, [NoticeDraft(person.id, cause, msg("A pledge"), "need", need.ref, by_mail=True)], clock.now())
        tx.flush()

    return happen


@pytest.fixture
def work(tx, site, clock):
    def go(**how_far):
        clock.move(**(how_far or {"minutes": 6}))
        mailer.send_mails(site)
        tx.expire_all()

    return go


@pytest.mark.parametrize(
    ("answer", "code"),
    [("550 5.1.1 no such mailbox", "550 5.1.1"), ("550 unknown", "550"), ("552 5.2.2 full", "552 5.2.2")],
)
def test_an_address_that_is_refused_for_good_is_marked_and_news_stays_on_the_site(
    tx, server, person, tell, work, answer, code
):
    server.says = answer
    tell()
    work()
    assert (person.mail_failed_at is not None, person.mail_failed_code) == (True, code)
    assert tx.scalars(select(Mail)).one().attempts == MOST_ATTEMPTS
    server.says = "250 fine"
    tell()
    work(hours=30)
    assert server.taken == []
    assert len(tx.scalars(select(Notice)).all()) == 2
    assert tx.scalars(select(Delivery).order_by(Delivery.id.desc())).first().withheld == "address"
    assert len(tx.scalars(select(AuditEvent).where(AuditEvent.action == "account.mail_failed")).all()) == 1


@pytest.mark.parametrize("answer", ["450 4.2.1 later", "554 5.7.1 relaying denied", "550 5.7.26 not authenticated"])
def test_what_is_not_the_addresss_fault_marks_nobody_and_is_tried_again(tx, server, person, tell, work, answer):
    server.says = answer
    tell()
    work()
    assert person.mail_failed_at is None
    assert tx.scalars(select(Mail)).one().attempts == 1
    server.says = "250 fine"
    work()
    assert len(server.taken) == 1


def test_the_owner_sees_it_after_signing_in_and_tries_again(tx, client, sign_in, server, person, tell, work, clock):
    person.mail_failed_at, person.mail_failed_code = clock.now(), "550"
    sign_in(client, person)
    for page in ("/desk", "/subscriptions"):
        text = client.get(page).text
        assert "Mail does not reach you" in text
        assert 'href="/account/e-mail"' in text
    assert client.post("/subscriptions/address").status_code == 303
    assert "Mail does not reach you" not in client.get("/desk").text
    tell()
    work()
    subjects = [mail.cause.split("|")[0] for mail in tx.scalars(select(Mail).where(Mail.sent_at.is_not(None)))]
    assert sorted(subjects) == ["mail_checked", "news"]
    client.post("/subscriptions/address")
    assert len(tx.scalars(select(Mail)).all()) == 2, "where nothing comes back, nothing is tried"


def test_a_new_address_has_no_mark(tx, person, clock):
    person.mail_failed_at, person.mail_failed_code = clock.now(), "550"
    asked = Confirmation(
        account_id=person.id, kind="email", email="new@donor.example", former_email=person.email, stamp=person.stamp,
        created_at=clock.now(), expires_at=clock.now(),
    )  # fmt: skip
    tx.add(asked)
    tx.flush()
    set_email(tx, asked, clock.now())
    assert (person.mail_failed_at, person.mail_failed_code) == (None, "")


def test_whoever_says_who_acts_for_an_organisation_sees_the_mark(client, sign_in, world, clock):
    organisation = world.organisation("donor")
    world.account(organisation, mail_failed_at=clock.now(), mail_failed_code="550")
    sign_in(client, world.account(organisation, "focal_point"))
    assert "mail comes back" in client.get(f"/organisations/{organisation.ref}/people").text


# --- notifications that come later ---


def notification(message_id, *, action="failed", status="5.1.1", returned="headers", kind="delivery-status"):
    """A delivery status notification as a mail server writes it (RFC 3464)."""
    whole = MIMEMultipart("report", **{"report-type": kind})
    whole["From"], whole["To"], whole["Subject"] = "MAILER-DAEMON@mx.example", "no-reply@localhost", "Undelivered"
    whole.attach(MIMEText("I could not deliver it."))
    about = EmailMessage()
    about["Reporting-MTA"] = "dns; mx.example"
    recipient = EmailMessage()
    recipient["Final-Recipient"], recipient["Action"], recipient["Status"] = "rfc822; x@x.example", action, status
    says = MIMENonMultipart("message", "delivery-status")
    says._payload = [about, recipient]
    whole.attach(says)
    ours = EmailMessage()
    ours["Message-ID"], ours["Subject"] = message_id, "A pledge"
    ours.set_content("x")
    if returned == "headers":
        whole.attach(_headers(f"Subject: A pledge\r\nMessage-ID:\r\n {message_id}\r\n"))
    elif returned == "mail":
        whole.attach(MIMEMessage(ours))
    return whole.as_bytes()


def _headers(text):
    part = MIMENonMultipart("text", "rfc822-headers")
    part.set_payload(text)
    return part


@pytest.fixture
def sent(tx, person, tell, work):
    tell()
    work()
    return tx.scalars(select(Mail)).one()


@pytest.fixture
def take(app, tx):
    def run(raw):
        tx.flush()
        done = app.test_cli_runner().invoke(args=["take-bounce"], input=raw)
        tx.expire_all()
        return done

    return run


@pytest.mark.parametrize("returned", ["headers", "mail"])
def test_a_notification_marks_the_address(person, sent, take, returned):
    done = take(notification(sent.message_id, returned=returned))
    assert (done.exit_code, person.mail_failed_code) == (0, "5.1.1")
    assert "the address is marked" in done.output
    assert sent.last_error == "came back: 5.1.1"
    first = person.mail_failed_at
    assert take(notification(sent.message_id)).exit_code == 0
    assert person.mail_failed_at == first


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("failed", "5.7.1"), ("relayed", "2.0.0")]
)
def test_a_delay_or_a_policy_marks_nothing(person, sent, take, action, status):
    done = take(notification(sent.message_id, action=action, status=status))
    assert (done.exit_code, person.mail_failed_at) == (0, None)


def test_an_address_that_was_changed_since_is_left_alone(tx, person, sent, take):
    person.email = "new@donor.example"
    tx.flush()
    assert take(notification(sent.message_id)).exit_code == 0
    assert person.mail_failed_at is None


HOSTILE = {
    "empty": b"",
    "no mail": b"\xff\xfe\x00" * 1000,
    "a plain mail": b"Subject: hello\r\n\r\nMessage-ID: <a@b>",
    "another report": notification("<a@b>", kind="disposition-notification"),
    "no returned headers": notification("<a@b>", returned=""),
    "no status": notification("<a@b>", status="bad"),
    "an id that is none": notification("nothing", returned="mail"),
    "a broken boundary": notification("<a@b>")[:300],
    "too large": b"Subject: x\r\n\r\n" + b"x" * LARGEST,
    "deep": b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)),
    "many parts": b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    + b"--b\r\n\r\nx\r\n" * 5000,
    "a type that is none": b"Content-Type: multipart/report; report-type*=utf-8''delivery%00; boundary=\r\n\r\n--\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_notification_is_refused_in_words(take, name):
    done = take(HOSTILE[name])
    assert (done.exit_code, done.output[:6]) == (1, "Error:"), done.output
    assert isinstance(done.exception, SystemExit)
    with pytest.raises(NoBounce):
        read_bounce(HOSTILE[name])


def test_a_notification_about_somebody_elses_mail_is_refused(person, sent, take):
    done = take(notification("<guessed@localhost>"))
    assert (done.exit_code, person.mail_failed_at) == (1, None)
    assert sent.sent_at is not None
