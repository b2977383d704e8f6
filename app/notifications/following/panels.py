"""The button that follows a record, on its page; and what a person follows, on the page of subscriptions."""

from __future__ import annotations

from collections.abc import Callable

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.notifications.following.queries import find_record, follow_of, followed_by, threshold_of
from app.notifications.following.rules import KINDS, THRESHOLDS
from app.search.saved import saved_searches

surface("following.button", "panel", *KINDS)
surface("following.kept", "panel", *KINDS)


def follow_on(kind: str) -> Callable[[Actor, str], str]:
    """A provider of the button for one kind of record: follow it, or follow it no longer."""

    def provide(reader: Actor, ref: str) -> str:
        if not reader.is_signed_in:
            return ""
        with reading() as tx:
            if find_record(tx, reader, kind, ref) is None:
                return ""
            follows = follow_of(tx, reader, kind, ref) is not None
        return render_part("notifications/following/_button.html", kind=kind, ref=ref, follows=follows)

    return provide


def subscriptions_kept(reader: Actor, _ref: str) -> str:
    """Followed searches with their news on or off, followed records, and from which strength on matches are told."""
    with reading() as tx:
        return render_part(
            "notifications/following/_kept.html",
            searches=saved_searches(tx, reader),
            followed=followed_by(tx, reader),
            least=threshold_of(tx, reader),
            thresholds=THRESHOLDS,
        )
