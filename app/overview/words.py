"""The words that the overview has for kinds of records, and the site's vocabulary explained to whoever is new to it."""

from __future__ import annotations

from collections.abc import Mapping

from app.foundation.messages import Message, msg

KINDS: Mapping[str, Message] = {
    "need": msg("Needs"),
    "programme": msg("Programmes"),
    "course": msg("Courses"),
    "lesson": msg("Lessons"),
    "output": msg("Outputs"),
}
LISTS: Mapping[str, str] = {
    "need": "needs", "programme": "programmes", "course": "courses", "lesson": "lessons", "output": "outputs",
}  # fmt: skip
"""For each kind of record, the blueprint that has its pages `index`, `page`, `new` and `amend`."""

GLOSSARY: tuple[tuple[Message, Message], ...] = (
    (
        msg("Counterpart"),
        msg(
            "The official in the recipient State with whom a foreign expert works. This site is named after "
            "that person."
        ),
    ),
    (
        msg("Organisation"),
        msg(
            "A State's authority, a donor, a training centre, a regional organisation or an association. The"
            " secretariat verifies who it is before it may publish."
        ),
    ),
    (
        msg("Focal point"),
        msg("The person who answers for an organisation here: invites colleagues, posts, and is written to."),
    ),
    (
        msg("Grouping"),
        msg(
            "A regional organisation and the States that belong to it, such as ECOWAS or CARICOM. An offer "
            "for a grouping is for all of its members."
        ),
    ),
    (
        msg("Theme"),
        msg(
            "What assistance is about. Each theme belongs to a section of the 2011 Action Plan and to a "
            "purpose code of the OECD."
        ),
    ),
    (
        msg("Kind of assistance"),
        msg(
            "What is given: training, mentoring, legislative drafting, accession to an agreement, equipment,"
            " a study, an exchange visit, an information system, infrastructure or funding."
        ),
    ),
    (
        msg("Need"),
        msg("The request of a State, of several States together, or of a regional organisation or centre for them."),
    ),
    (
        msg("Line"),
        msg(
            "One thing that a need asks for: what, how many, for which unit, by when. Pledges are made "
            "against lines, so that everybody sees what is still open."
        ),
    ),
    (
        msg("Programme"),
        msg(
            "What a donor offers or already runs. Its page says whether you may ask for it, or whether it is"
            " a record of what was done."
        ),
    ),
    (
        msg("Course and session"),
        msg("A course stands in a training centre's catalogue; a session is one dated run of it, with seats."),
    ),
    (
        msg("Match"),
        msg(
            "A need and an offer that fit each other, with the reasons in words. A near miss is a pair in "
            "which one thing stands in the way, and says which."
        ),
    ),
    (
        msg("Pledge"),
        msg(
            "A promise against the lines of a need, in money or in kind. It counts once the recipient has accepted it."
        ),
    ),
    (
        msg("Contribution"),
        msg("What was really delivered of a pledge. It counts when both sides have confirmed it."),
    ),
    (
        msg("Covered, open"),
        msg("A line is covered when accepted pledges promise everything that it asks for; until then it is open."),
    ),
    (
        msg("Result"),
        msg("What an indicator showed: where things stood before, what was aimed at, and what was reached."),
    ),
    (
        msg("Output"),
        msg("Something that others can use again: a study, a model law, a curriculum, a manual."),
    ),
    (
        msg("Lesson"),
        msg(
            "What was tried, what came of it and why, and what to do next time. Lessons appear when a "
            "decision is being made."
        ),
    ),
    (
        msg("Who may see"),
        msg(
            "Each record says who may see it: anybody, people of verified organisations, organisations that "
            "it names, or its owner alone. What you may not see is not counted either."
        ),
    ),
    (
        msg("Confirm by"),
        msg(
            "The day on which the author of a record is asked whether it still stands. A record that nobody "
            "confirms is marked, and never silently closed."
        ),
    ),
)
