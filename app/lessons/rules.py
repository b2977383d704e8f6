"""The law of lessons and outputs: what a lesson says of itself, how it is validated, and which ones are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from app.foundation.messages import Message, msg, pmsg

MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"submitted"}),
    "submitted": frozenset({"submitted", "validated", "returned"}),
    "validated": frozenset({"submitted"}),
    "returned": frozenset({"submitted"}),
}
"""Whatever is amended is submitted again: what was validated was the earlier wording."""

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    "draft": (pmsg("lesson", "Draft"), "neutral"),
    "submitted": (pmsg("lesson", "Not yet validated"), "neutral"),
    "validated": (pmsg("lesson", "Validated"), "info"),
    "returned": (pmsg("lesson", "Returned to its author"), "warning"),
}

KINDS: Mapping[str, Message] = {
    "operational": msg("Operational: how to carry something out"),
    "developmental": msg("Developmental: what makes it last and matter"),
}

VERDICTS: Mapping[str, tuple[Message, str]] = {
    "worked": (msg("Worked"), "success"),
    "failed": (msg("Did not work"), "danger"),
    "challenge": (msg("Take care"), "warning"),
}
WARNINGS = frozenset({"failed", "challenge"})

CRITERIA: Mapping[str, Message] = {
    "relevance": msg("Relevance"),
    "coherence": msg("Coherence"),
    "effectiveness": msg("Effectiveness"),
    "efficiency": msg("Efficiency"),
    "impact": msg("Impact"),
    "sustainability": msg("Sustainability"),
    "partnership": msg("Partnership"),
    "human_rights_gender": msg("Human rights and gender"),
}
"""The six evaluation criteria of the OECD Development Assistance Committee, and two that the United Nations add."""

STAGES: Mapping[str, Message] = {
    "design": msg("Deciding and designing"),
    "tender": msg("Buying and contracting"),
    "delivery": msg("Delivering"),
    "handover": msg("Handing over"),
    "follow_up": msg("Following up"),
}

EVIDENCE: Mapping[str, Message] = {
    "anecdotal": msg("Somebody's account"),
    "observed": msg("Observed by those who took part"),
    "measured": msg("Measured, with figures"),
    "evaluated": msg("Found by an evaluation"),
}
"""From the weakest to the strongest."""

AUDIENCES: Mapping[str, Message] = {
    "policy_makers": msg("Policy makers"),
    "programme_managers": msg("Programme managers"),
    "trainers": msg("Trainers and mentors"),
    "investigators": msg("Investigators and police"),
    "prosecutors_judges": msg("Prosecutors and judges"),
    "customs_border": msg("Customs and border officers"),
    "laboratories": msg("Laboratories"),
    "health_social": msg("Health and social services"),
    "procurement": msg("Procurement and logistics"),
    "evaluators": msg("Evaluators"),
}
"""Who should read a lesson; whom the list does not know is named in words beside it."""

WORDS = ("title", "context", "action", "result", "cause", "instruction")
"""The parts that whoever validates a lesson may put more clearly; the author's own words are kept beside them."""

VIEWS: Mapping[str, Message] = {
    "recipient": msg("The recipient"),
    "donor": msg("The donor"),
    "centre": msg("The training centre"),
    "partner": msg("An implementing partner"),
    "evaluator": msg("An evaluator"),
}

VIEW_OF: Mapping[str, str] = {
    "state": "recipient",
    "donor": "donor",
    "centre": "centre",
    "regional": "partner",
    "ngo": "partner",
}
"""Whose view a lesson is likely to be, by the kind of organisation that tells it; its author may say otherwise."""

TIERS: Mapping[str, Message] = {
    "public": msg("Anybody"),
    "members": msg("People of verified organisations"),
    "own": msg("Only my own organisation"),
}

OUTPUT_KINDS: Mapping[str, Message] = {
    "study": msg("Study"),
    "model_law": msg("Model law"),
    "curriculum": msg("Curriculum"),
    "manual": msg("Manual"),
    "dataset": msg("Data set"),
    "software": msg("Software"),
}

LICENCES: Mapping[str, Message] = {
    "CC-BY-4.0": msg("Creative Commons Attribution 4.0 (CC BY 4.0)"),
    "CC-BY-SA-4.0": msg("Creative Commons Attribution-ShareAlike 4.0 (CC BY-SA 4.0)"),
    "CC-BY-NC-4.0": msg("Creative Commons Attribution-NonCommercial 4.0 (CC BY-NC 4.0)"),
    "CC0-1.0": msg("No rights reserved (CC0 1.0)"),
    "open_government": msg("A government's open licence"),
    "EUPL-1.2": msg("European Union Public Licence 1.2"),
    "Apache-2.0": msg("Apache Licence 2.0"),
    "MIT": msg("MIT Licence"),
    "on_request": msg("On request: ask the owner"),
}
"""Identifiers of the SPDX licence list where there is one."""

SUBJECTS: Mapping[str, str] = {
    "N": "need", "P": "programme", "C": "course", "S": "session", "G": "pledge", "L": "lesson", "U": "output",
}  # fmt: skip
"""Which kind of record a reference belongs to, by the letter that it begins with."""

LINKABLE = frozenset({"need", "programme", "course", "session", "pledge"})
"""Kinds of records that a lesson may come from, besides the one that it was begun on."""
MOST_LINKS = 12

LONGEST_ADDRESS = 500


class MoveRefused(ValueError):
    """A lesson cannot go from where it is to where it was asked to go; `status` and `wanted` say which."""

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"{status} -> {wanted}")
        self.status = status
        self.wanted = wanted


def check_move(status: str, wanted: str) -> None:
    """Go on only if the move is in the table.

    Raises:
        MoveRefused: it is not.
    """
    if wanted not in MOVES.get(status, frozenset()):
        raise MoveRefused(status, wanted)


def strength(evidence: str) -> int:
    """How strong the evidence is: 0 for somebody's account, 3 for an evaluation's finding."""
    return list(EVIDENCE).index(evidence) if evidence in EVIDENCE else 0


class Judged(Protocol):
    """Whatever carries a verdict."""

    @property
    def verdict(self) -> str:
        """One of VERDICTS."""


AnyJudged = TypeVar("AnyJudged", bound=Judged)


def with_a_warning(best: Sequence[AnyJudged], warning: AnyJudged | None) -> list[AnyJudged]:
    """The best lessons, the last of them giving way to a warning if none of them warns."""
    if warning is None or not best or any(lesson.verdict in WARNINGS for lesson in best):
        return list(best)
    return [*best[:-1], warning] if len(best) > 1 else [warning]


def subject_kind(ref: str) -> str:
    """Which kind of record a reference names, or nothing if it is none that can teach a lesson."""
    return SUBJECTS.get(ref.partition("-")[0], "")


def references_in(text: str) -> tuple[list[str], list[str]]:
    """The references in what somebody typed, each once, and what in it is no reference to a record that can teach."""
    typed = dict.fromkeys(word.upper() for word in text.replace(",", " ").replace(";", " ").split())
    known = [word for word in typed if subject_kind(word) in LINKABLE]
    return known, [word for word in typed if word not in known]


def words_that_differ(author: Mapping[str, str], shown: Mapping[str, str]) -> dict[str, str]:
    """What the author had written of each part that is shown in other words."""
    return {part: author[part] for part in WORDS if author[part] != shown[part]}


def is_due(status: str, review_by: date | None, today: date) -> bool:
    """Whether a validated lesson waits for another look; it is shown as before, with a word about it."""
    return status == "validated" and review_by is not None and review_by < today


def is_safe_address(text: str) -> bool:
    """An address of the open web that a reader may follow: https, a host with a name, nothing hidden in it."""
    if len(text) > LONGEST_ADDRESS or any(c.isspace() or ord(c) < 32 or c in '\\"<>' for c in text):  # noqa: PLR2004
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_named = "." in host.strip(".") and not host.replace(".", "").isdecimal() and ":" not in host
    return parts.scheme == "https" and is_named and parts.username is None and port in {None, 443}
