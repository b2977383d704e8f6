"""What a mail with news says, and in which headers: parsed as a mail program parses it."""

import email
from datetime import timedelta
from email.policy import default

import pytest

from app.foundation.messages import msg
from app.notifications import mailer
from app.notifications.pace.rules import MOST_SHOWN
from app.notifications.rules import cause_of
from app.notifications.service import MailDraft, NoticeDraft, put_mails, put_notices
from tests.notifications.posting import PostOffice, html, plain, put_in_place


@pytest.fixture
def office(app, monkeypatch):
    return put_in_place(monkeypatch, PostOffice())


@pytest.fixture
def reader(world):
    return world.account(world.organisation("donor"), name="Émile Ouédraogo", language="fr")


@pytest.fixture
def tell(tx, world, reader, clock):
    state = world.organisation()

    def happen(title="Scanner", what="need_fits", number="", to=None, **kw):
        need = world.need(state, title=title, **kw)
        cause = cause_of(what, ("need", need.ref), ("n", str(number)))
        message = msg("The need “%(need)s” fits what you offer: “%(offer)s”", need=title, offer="Boats")
        draft = NoticeDraft((to or reader).id, cause, message, "need", need.ref, by_mail=True)
        put_notices(tx, [draft], clock.now())
        tx.flush()
        return need

    return happen


@pytest.fixture
def post(app, tx, clock, office):
    """Let a day pass and the worker do its work; the mails of today, each read back from what was sent."""

    def send(**how_far):
        clock.move(**(how_far or {"days": 1}))
        before = len(office.taken)
        for _ in range(3):
            mailer.send_mails(app.extensions["counterpart"])
        tx.expire_all()
        return [email.message_from_bytes(one.as_bytes(), policy=default) for one in office.taken[before:]]

    return send


def test_a_digest_is_grouped_in_the_readers_language_with_a_link_for_each(tell, post):
    first, second = tell("Scanner"), tell("Bateaux", "pledge_accepted")
    (mail,) = post()
    text, page = plain(mail), html(mail)
    assert mail["Subject"] == "Vos nouvelles du jour (2)"
    assert text.index("Correspondances") < text.index("Scanner") < text.index("Engagements") < text.index("Bateaux")
    for need in (first, second):
        assert f"http://localhost:5000/needs/{need.ref}" in text
        assert f'href="http://localhost:5000/needs/{need.ref}"' in page
    assert "Émile Ouédraogo" in text
    assert '<html lang="fr" dir="ltr">' in page
    assert mail["Content-Language"] == "fr"
    assert post() == []


def test_a_mail_can_be_stopped_by_its_program_and_answers_nobody(tell, post):
    tell(what="pledge_made")
    (mail,) = post(minutes=1)
    stop = mail["List-Unsubscribe"].strip("<>")
    assert stop.startswith("http://localhost:5000/mail/")
    assert stop.endswith("/stop")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "Counterpart <news.localhost>"
    assert mail["Precedence"] is None
    assert stop.removesuffix("/stop") in plain(mail)
    assert mail.get_content_type() == "multipart/alternative"
    tell()
    (digest,) = post()
    assert digest["Precedence"] == "bulk"


def test_the_page_of_a_mail_loads_nothing_from_anywhere(tell, post):
    tell('<img src="https://evil.example/pixel.png"><script>x()</script>')
    (mail,) = post()
    page = html(mail)
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;img" in page
    assert not [
        part for part in page.split('"') if part.startswith("http") and not part.startswith("http://localhost:5000/")
    ]
    assert "url(" not in page


def test_arabic_is_written_from_the_right(world, tell, post):
    tell(to=world.account(world.organisation("donor"), language="ar"))
    (mail,) = post()
    assert '<html lang="ar" dir="rtl">' in html(mail)


def test_what_may_not_be_seen_any_more_is_left_out_at_the_moment_of_sending(tx, tell, post):
    hidden, _open = tell("Secret"), tell("Open")
    hidden.disclosure = "own"
    tx.flush()
    (mail,) = post()
    assert "Open" in plain(mail)
    assert "Secret" not in plain(mail) + html(mail)
    assert mail["Subject"].endswith("(1)")
    both = [tell("Secret"), tell("Secret")]
    for need in both:
        need.disclosure = "own"
    tx.flush()
    assert post() == [], "nothing is left, so there is no mail"


def test_of_what_is_not_public_a_mail_says_only_that_there_is_news(tell, post):
    need = tell("Secret plan", disclosure="members")
    (mail,) = post()
    assert "Secret" not in plain(mail) + html(mail) + mail["Subject"]
    assert need.ref in plain(mail)
    assert "Connectez-vous" in plain(mail)


def test_a_mail_shows_fifty_and_counts_the_rest(tell, post):
    for number in range(MOST_SHOWN + 3):
        tell(f"Need {number:03}", number=number)
    (mail,) = post()
    assert plain(mail).count("Need 0") == MOST_SHOWN
    assert "Need 052" in plain(mail)
    assert "Need 002" not in plain(mail), "the latest are shown"
    assert "3 autres" in plain(mail)
    assert mail["Subject"].endswith("(53)")


def test_a_letter_to_an_address_has_a_button_and_cannot_be_stopped(tx, app, clock, post):
    lines = ["Dear Awa,", "Open this:", "http://localhost:5000/seat/x.y", "See http://evil.example/ too."]
    body = "\n\n".join(lines) + "\n\n--\nWhy you get it."
    draft = MailDraft("organisation_refused|organisation:O-1", "awa@ministry.example", "Hello", body, "pt")
    put_mails(tx, [draft], "localhost", clock.now())
    tx.flush()
    (mail,) = post(minutes=1)
    assert 'class="button" href="http://localhost:5000/seat/x.y"' in html(mail)
    assert 'href="http://evil.example/' not in html(mail), "what somebody typed is no link"
    assert "Why you get it." in html(mail)
    assert '<html lang="pt"' in html(mail)
    assert mail["List-Unsubscribe"] is None


def test_news_goes_to_the_address_of_this_moment(tx, reader, tell, office, post):
    tell()
    reader.email = "new@donor.example"
    tx.flush()
    (mail,) = post()
    assert mail["To"] == "new@donor.example"
    tell(number=2)
    reader.status = "closed"
    tx.flush()
    assert post() == []


def test_a_mail_that_was_gathered_follows_the_address_too(app, tx, reader, tell, post, office, clock):
    tell()
    office.is_down = True
    assert post() == []
    reader.email = "newer@donor.example"
    tx.flush()
    office.is_down = False
    (mail,) = post(hours=1)
    assert mail["To"] == "newer@donor.example"
    assert mail["Date"].datetime - clock.now() < timedelta(seconds=1)
