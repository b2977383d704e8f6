"""Those who follow a record are told before its matches are made anew: who was matched up to now is among them."""

from __future__ import annotations

from collections.abc import Sequence

from app.foundation.db import Tx
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.notifications.following.news import news_of
from app.notifications.telling import Telling


def tell_those_who_follow(site: Site, facts: Sequence[Fact]) -> Writer:
    """Put notices on the desks of those who follow what these facts speak of, and mails on their way."""
    now = site.clock.now()
    with site.database.reading() as tx:
        telling = Telling(tx, site.settings)
        for fact in facts:
            news = news_of(fact.name)
            if news is not None:
                news(telling, fact)

    def write(tx: Tx) -> None:
        telling.write(tx, now)

    return write
