"""The words of the site, each with one meaning; docs/glossary.md says the same, and a test compares the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.foundation.languages import say
from app.foundation.messages import Message, msg, pmsg
from app.foundation.text import fold


@dataclass(frozen=True)
class Entry:
    """A word of the site: `key` is its anchor on the page, `see` are the keys of words that belong to it."""

    key: str
    term: Message
    definition: Message
    see: tuple[str, ...] = ()


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "account",
        pmsg("glossary", "Account"),
        msg("A person who signs in. A person may act for several organisations, with a role in each."),
        ("focal_point", "organisation"),
    ),
    Entry(
        "action_point",
        msg("Action point"),
        msg("What was agreed at a meeting: what is to be done, by which organisation, and by when."),
        ("meeting",),
    ),
    Entry(
        "amendment",
        msg("Amendment"),
        msg(
            "A change to a record that was posted. Both versions are kept, and the page shows what changed between "
            "them."
        ),
        ("confirm_by",),
    ),
    Entry(
        "candidate",
        pmsg("glossary", "Candidate"),
        msg(
            "Somebody whom the focal point of a State puts forward for a session. The centre accepts; who then gets a "
            "seat follows from quotas, ranks and time of waiting, as the page of the session says."
        ),
        ("course", "focal_point", "quota"),
    ),
    Entry(
        "clarification",
        msg("Clarification"),
        msg(
            "A question on a record and its owner's answer. The answer is published to everybody who may see the "
            "record; who asked is told to nobody."
        ),
        ("amendment", "message"),
    ),
    Entry(
        "message",
        msg("Private message"),
        msg(
            "What the two organisations of a match or of a pledge write each other. People of both read it, and nobody "
            "else."
        ),
        ("match", "pledge"),
    ),
    Entry(
        "confirm_by",
        msg("Confirm by"),
        msg(
            "The day on which the author of a record is asked whether it still stands. A record that nobody "
            "confirms is marked, and never silently closed."
        ),
        ("amendment",),
    ),
    Entry(
        "contribution",
        msg("Contribution"),
        msg("What was really delivered of a pledge. It counts when both sides have confirmed it."),
        ("pledge", "ledger"),
    ),
    Entry(
        "meeting",
        msg("Coordination meeting"),
        msg(
            "Those who help a country agree on who does what. Its agenda is made of the gaps and overlaps that were "
            "found. A mini-Dublin group is one of donors’ missions in a country."
        ),
        ("action_point",),
    ),
    Entry(
        "counterpart",
        msg("Counterpart"),
        msg(
            "The official in the recipient State with whom a foreign expert works. This site is named after "
            "that person."
        ),
    ),
    Entry(
        "course",
        msg("Course and session"),
        msg("A course stands in a training centre's catalogue; a session is one dated run of it, with seats."),
        ("programme", "match", "candidate"),
    ),
    Entry(
        "covered",
        msg("Covered, open"),
        msg("A line is covered when accepted pledges promise everything that it asks for; until then it is open."),
        ("ledger", "line", "pledge"),
    ),
    Entry(
        "disclosure",
        msg("Who may see"),
        msg(
            "Each record says who may see it: anybody, people of verified organisations, organisations that "
            "it names, or its owner alone. What you may not see is not counted either."
        ),
        ("verified",),
    ),
    Entry(
        "draft",
        pmsg("glossary", "Draft"),
        msg("What you have typed and not yet posted. It is kept for you alone, and you find it on your desk."),
    ),
    Entry(
        "focal_point",
        msg("Focal point"),
        msg("The person who answers for an organisation here: invites colleagues, posts, and is written to."),
        ("organisation", "account"),
    ),
    Entry(
        "grouping",
        msg("Grouping"),
        msg(
            "A regional organisation and the States that belong to it, such as ECOWAS or CARICOM. An offer "
            "for a grouping is for all of its members."
        ),
    ),
    Entry(
        "iati",
        msg("IATI"),
        msg(
            "The International Aid Transparency Initiative: the common form in which donors publish what they do. "
            "Programmes can be loaded from its files."
        ),
        ("programme",),
    ),
    Entry(
        "kind",
        msg("Kind of assistance"),
        msg(
            "What is given: training, mentoring, legislative drafting, accession to an agreement, equipment,"
            " a study, an exchange visit, an information system, infrastructure or funding."
        ),
        ("theme",),
    ),
    Entry(
        "ledger",
        pmsg("glossary", "Ledger"),
        msg("The count behind a need: for each line, how much is asked, pledged, delivered and still open."),
        ("line", "pledge", "contribution", "covered"),
    ),
    Entry(
        "lesson",
        msg("Lesson"),
        msg(
            "What was tried, what came of it and why, and what to do next time. Lessons appear when a "
            "decision is being made."
        ),
        ("result", "output"),
    ),
    Entry(
        "line",
        msg("Line"),
        msg(
            "One thing that a need asks for: what, how many, for which unit, by when. Pledges are made "
            "against lines, so that everybody sees what is still open."
        ),
        ("need", "ledger"),
    ),
    Entry(
        "match",
        msg("Match"),
        msg(
            "A need and an offer that fit each other, with the reasons in words. A near miss is a pair in "
            "which one thing stands in the way, and says which."
        ),
        ("need", "programme", "course"),
    ),
    Entry(
        "need",
        msg("Need"),
        msg("The request of a State, of several States together, or of a regional organisation or centre for them."),
        ("line", "match", "confirm_by"),
    ),
    Entry(
        "organisation",
        msg("Organisation"),
        msg(
            "A State's authority, a donor, a training centre, a regional organisation or an association. The"
            " secretariat verifies who it is before it may publish."
        ),
        ("verified", "focal_point"),
    ),
    Entry(
        "output",
        msg("Output"),
        msg("Something that others can use again: a study, a model law, a curriculum, a manual."),
        ("lesson",),
    ),
    Entry(
        "pledge",
        msg("Pledge"),
        msg(
            "A promise against the lines of a need, in money or in kind. It counts once the recipient has accepted it."
        ),
        ("contribution", "covered", "ledger"),
    ),
    Entry(
        "programme",
        msg("Programme"),
        msg(
            "What a donor offers or already runs. Its page says whether you may ask for it, or whether it is"
            " a record of what was done."
        ),
        ("match", "iati"),
    ),
    Entry(
        "quota",
        pmsg("glossary", "Quota"),
        msg(
            "So many seats of a session for people of a country, a grouping, an organisation or a sex: a floor keeps "
            "at least as many, a ceiling gives at most as many."
        ),
        ("candidate",),
    ),
    Entry(
        "reference",
        pmsg("glossary", "Reference"),
        msg("The short name that every record carries, such as N-7KQ2-MX4T. Quote it, or type it into the search."),
    ),
    Entry(
        "result",
        msg("Result"),
        msg("What an indicator showed: where things stood before, what was aimed at, and what was reached."),
        ("lesson",),
    ),
    Entry(
        "secretariat",
        pmsg("glossary", "Secretariat"),
        msg("The office that runs this site: it verifies organisations and keeps the lessons in order."),
        ("verified",),
    ),
    Entry(
        "theme",
        msg("Theme"),
        msg(
            "What assistance is about. Each theme belongs to a section of the 2011 Action Plan and to a "
            "purpose code of the OECD."
        ),
        ("kind",),
    ),
    Entry(
        "verified",
        pmsg("glossary", "Verified"),
        msg("The secretariat has made sure that an organisation is who it says. Only then may it publish."),
        ("organisation", "secretariat", "disclosure"),
    ),
)

BY_KEY: Mapping[str, Entry] = {entry.key: entry for entry in ENTRIES}


def alphabetical(language: str) -> list[Entry]:
    """Every word, in the order of the reader's language (ISO 639-1) without regard to accents."""
    return sorted(ENTRIES, key=lambda entry: fold(say(entry.term, language)))


def definition_of(key: str, language: str) -> str | None:
    """What a word means, in that language, or nothing for a word that the glossary does not have."""
    entry = BY_KEY.get(key)
    return say(entry.definition, language) if entry else None
