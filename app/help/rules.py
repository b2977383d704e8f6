"""The first steps of whoever is new, for each kind of person: what to do, where, and by what it is seen to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.foundation.messages import Message, msg


@dataclass(frozen=True)
class Step:
    """One step: `endpoint` is the page where it is done; `proof` names what shows that it is (see queries.PROOFS).

    Without a proof nobody can know, and the step is never checked off.
    """

    title: Message
    text: Message
    link: Message
    endpoint: str
    proof: str = ""


VERIFIED = Step(
    msg("Your organisation is verified"),
    msg("The secretariat has made sure of who it is, so it may publish."),
    msg("Your account"),
    "accounts.settings",
    "verified",
)
LESSON = Step(
    msg("Say what worked"),
    msg("Lessons from your work appear when others plan the same."),
    msg("Record a lesson"),
    "lessons.new",
    "lesson",
)
LEARN = Step(
    msg("See how the site works"),
    msg("Five short journeys with a picture each: asking, answering, teaching, learning and counting."),
    msg("How this works"),
    "help.how",
)
LOOK_FOR_NEEDS = Step(
    msg("See what is asked"),
    msg("Narrow the open needs by theme, country and kind until those are left that you could meet."),
    msg("See open needs"),
    "needs.index",
)
WORDS = Step(
    msg("Learn the words"),
    msg("Each word means one thing here, on every page. The dotted ones explain themselves."),
    msg("Glossary"),
    "help.glossary",
)

STEPS: Mapping[str, tuple[Step, ...]] = {
    "nobody": (
        Step(
            msg("You belong to no organisation yet"),
            msg("Ask a focal point of your organisation to invite you, or apply for your organisation to be let in."),
            msg("Apply for an organisation"),
            "organisations.apply",
            "member",
        ),
        LOOK_FOR_NEEDS,
        LEARN,
    ),
    "unverified": (
        Step(
            msg("Your application has arrived"),
            msg("The secretariat checks it with the organisation itself, usually within five working days."),
            msg("Your account"),
            "accounts.settings",
            "member",
        ),
        Step(
            msg("Your organisation is not verified yet"),
            msg(
                "You may read what is public and draft a need meanwhile. You will be told by e-mail as soon as the"
                " secretariat has answered."
            ),
            msg("See open needs"),
            "needs.index",
            "verified",
        ),
        LEARN,
    ),
    "reader": (
        VERIFIED,
        LOOK_FOR_NEEDS,
        WORDS,
        Step(
            msg("You read; editors write"),
            msg("If you are to post or to answer, ask the focal point of your organisation for another role."),
            msg("Your account"),
            "accounts.settings",
        ),
    ),
    "state": (
        VERIFIED,
        Step(
            msg("Post your first need"),
            msg(
                "Say item by item what you need. Programmes and courses that could meet it are looked for at once, and"
                " both sides are told."
            ),
            msg("Post a need"),
            "needs.new",
            "need",
        ),
        Step(
            msg("Accept your first pledge"),
            msg("Donors answer items of your need. Nothing counts until you have accepted it; you are told by e-mail."),
            msg("How this works"),
            "help.how",
            "accepted",
        ),
        LESSON,
    ),
    "donor": (
        VERIFIED,
        Step(
            msg("Post your first programme"),
            msg("Say whom you can help and with what. Open needs that fit appear here, with the reasons."),
            msg("Post a programme"),
            "programmes.new",
            "programme",
        ),
        LOOK_FOR_NEEDS,
        Step(
            msg("Make your first pledge"),
            msg("Open a need and answer some of its items. You see what others have pledged already."),
            msg("See open needs"),
            "needs.index",
            "pledge",
        ),
    ),
    "centre": (
        VERIFIED,
        Step(
            msg("Publish your first course"),
            msg("With dates and seats, if you have them. States whose needs it meets are told at once."),
            msg("Publish a course"),
            "courses.new",
            "course",
        ),
        Step(
            msg("Give it a date and seats"),
            msg("A session is one dated run of a course. Open the course and add one."),
            msg("See every course"),
            "courses.index",
            "session",
        ),
        LOOK_FOR_NEEDS,
    ),
    "regional": (
        VERIFIED,
        Step(
            msg("See where your region stands"),
            msg("The overview counts what your members ask and what is on offer for them."),
            msg("Open the overview"),
            "overview.index",
        ),
        Step(
            msg("Post a need for several members together"),
            msg("One need may be for many States. Each of them sees it, and so does every donor that works there."),
            msg("Post a need"),
            "needs.new",
            "need",
        ),
        LESSON,
    ),
    "ngo": (
        VERIFIED,
        Step(
            msg("Share what you have learned"),
            msg("Lessons from your work appear when others plan the same."),
            msg("Record a lesson"),
            "lessons.new",
            "lesson",
        ),
        LOOK_FOR_NEEDS,
        WORDS,
    ),
    "secretariat": (
        Step(
            msg("Answer the organisations that wait"),
            msg("Call each one on a number that you found yourself. Your reasons are kept, and told to the applicant."),
            msg("Open the queue"),
            "organisations.queue",
            "no_applications",
        ),
        Step(
            msg("Look at the lessons that wait"),
            msg("A lesson that can be used next time is validated; another goes back with a word on what is missing."),
            msg("Lessons that wait for validation"),
            "lessons.queue",
            "no_lessons",
        ),
        Step(
            msg("See where the gaps are"),
            msg("The overview sets what is asked beside what is offered, by theme, country and grouping."),
            msg("Open the overview"),
            "overview.index",
        ),
        LEARN,
    ),
}
"""For each kind of person (accounts.rules.standing), three or four steps."""


def steps_for(standing: str) -> tuple[Step, ...]:
    """The first steps of a person of this kind."""
    return STEPS.get(standing, STEPS["reader"])
