"""The pages that explain the site, and the first steps on the desk of whoever is new."""

from __future__ import annotations

from typing import Any

from app.accounts import personal
from app.accounts.queries import is_new
from app.accounts.rules import standing
from app.foundation.permissions import Actor, Permission
from app.foundation.web import (
    NOTHING,
    actor,
    blueprint,
    current_language,
    gettext,
    now,
    reading,
    render,
    render_part,
    request,
    route,
    see,
    site,
)
from app.help import glossary as words
from app.help.queries import proven
from app.help.rules import steps_for

bp = blueprint("help")


@route(bp, "/how-it-works", Permission.PUBLIC_READ, surface=NOTHING)
def how() -> Any:
    """How the site works: five journeys with a picture each."""
    return render("help/how.html")


@route(bp, "/glossary", Permission.PUBLIC_READ, surface=NOTHING)
def glossary() -> Any:
    """The words of this site, explained."""
    return render("help/glossary.html", entries=words.alphabetical(current_language()), by_key=words.BY_KEY)


@route(bp, "/first-steps", Permission.ACCOUNT_MANAGE, surface=NOTHING, methods=("POST",))
def first_steps() -> Any:
    """Put the first steps away, or bring them back."""
    back = request.form.get("show") == "1"
    with site().database.transaction() as tx:
        if back:
            personal.bring_first_steps_back(tx, actor(), now())
        else:
            personal.put_first_steps_away(tx, actor(), now())
    if back:
        return see("desk.index", gettext("Your first steps stand on your desk again."))
    return see("desk.index", gettext("Your first steps are put away. “My account” brings them back."))


def first_steps_panel(reader: Actor, _ref: str) -> str:
    """Panel `desk.welcome`: three or four first steps, until all are taken or the person puts them away."""
    kind = standing(reader)
    steps = steps_for(kind)
    with reading() as tx:
        if not is_new(tx, reader.account_id):
            return ""
        done = proven(tx, reader, [step.proof for step in steps if step.proof])
    if all(step.proof in done for step in steps):
        return ""
    return render_part("help/_first_steps.html", steps=steps, done=done)


def glossary_entry(key: str) -> str | None:
    """What a word of the glossary means, in the page's language: for tooltips in templates."""
    return words.definition_of(key, current_language())


bp.add_app_template_global(glossary_entry)
