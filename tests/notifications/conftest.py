"""Facts that reach people, and what they are told; pairs that fit; and an index of what a test has made."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.foundation.languages import say
from app.foundation.messages import Message
from app.matching.models import Match
from app.notifications.finishing import letter_to_send
from app.notifications.models import Mail, Notice
from app.notifications.pace.gathering import gather_news
from app.notifications.reactions import tell_people
from tests.search.conftest import index  # noqa: F401 - a fixture for all files of this folder


@pytest.fixture
def site(app):
    return app.extensions["counterpart"]


@pytest.fixture
def tell(tx, site):
    """Let these facts reach people, and give back who was told what: {account id: [sentences]}."""

    def happen(*facts):
        tx.flush()
        write = tell_people(site, facts)
        write(tx)
        tx.flush()
        told = {}
        for notice in tx.scalars(select(Notice).order_by(Notice.id)):
            told.setdefault(notice.account_id, []).append(say(Message.from_json(notice.message), "en"))
        return told

    return happen


@pytest.fixture
def mails(tx, site, now):
    """What lies in mailboxes a week later: {address: the mail, with subject and body as they are sent}."""

    def read():
        later = now + timedelta(days=8)
        gather_news(site, later)
        tx.expire_all()
        rows = {mail.recipient: mail for mail in tx.scalars(select(Mail).order_by(Mail.id.desc()))}
        return {address: in_words(mail, later) for address, mail in rows.items()}

    def in_words(mail, later):
        if mail.account_id is None:
            return mail
        letter = letter_to_send(tx, site.settings, mail, later).letter
        return SimpleNamespace(subject=letter.subject, body=letter.text)

    return read


@pytest.fixture
def pair(tx):
    def make(need, offer, kind="programme", gate="match", score=5):
        tx.add(
            Match(
                need_id=need.id, need_version=1, need_organisation_id=need.organisation_id, offer_kind=kind,
                offer_id=offer.id, offer_version=1, offer_organisation_id=offer.organisation_id, gate=gate,
                strength="strong", score=Decimal(score), reasons=[], obstacles=[], lines=[],
                computed_at=need.created_at,
            )
        )  # fmt: skip
        tx.flush()

    return make
