"""The quality coach: it reads a need while it is written and says, in words, what would make donors able to act on it.

It never blocks. Its score counts how many of ten things that donors ask for are there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.foundation.messages import Message, msg
from app.foundation.text import fold

# Phrases that sound like a request and ask for nothing that one could deliver or count, folded (no accents).
VAGUE: Mapping[str, tuple[str, ...]] = {
    "en": ("strengthen capacit", "capacity building", "build capacit", "enhance capacit", "as needed", "as appropriate",
           "various equipment", "necessary equipment", "relevant stakeholders", "raise awareness",
           "improve cooperation", "all relevant", "technical support in general", "etc",
           "and so on", "among others", "support in the fight"),
    "fr": ("renforcement des capacites", "renforcer les capacites", "renforcement de capacites", "selon les besoins",
           "materiel necessaire", "equipements divers", "materiels divers", "acteurs concernes", "sensibiliser",
           "ameliorer la cooperation", "appui technique en general", "etc", "entre autres", "appui a la lutte"),
    "es": ("fortalecimiento de capacidades", "fortalecer las capacidades", "fortalecer capacidades", "segun necesidad",
           "equipo necesario", "equipamiento diverso", "equipos diversos", "actores relevantes", "sensibilizar",
           "mejorar la cooperacion", "apoyo tecnico en general", "etc", "entre otros", "apoyo en la lucha"),
    "pt": ("reforco de capacidades", "reforcar as capacidades", "reforco das capacidades", "conforme necessario",
           "equipamento necessario", "equipamentos diversos", "atores relevantes", "sensibilizar",
           "melhorar a cooperacao", "apoio tecnico em geral", "etc", "entre outros", "apoio a luta"),
    "ar": ("بناء القدرات", "بناء قدرات", "تعزيز القدرات", "تعزيز قدرات", "حسب الحاجه", "حسب الاقتضاء",
           "المعدات اللازمه", "معدات متنوعه", "الجهات المعنيه", "التوعيه", "رفع الوعي", "تحسين التعاون",
           "دعم فني عام", "الخ", "وما الي ذلك", "دعم مكافحه"),
}  # fmt: skip
SHORTEST_PROBLEM = 200


@dataclass(frozen=True)
class CoachLine:
    """What the coach sees of one line of a need; `field` is where its description stands in the form."""

    kind: str
    description: str
    quantity: Decimal | None
    unit: str
    beneficiary_unit: str
    ends_on: date | None
    field: str = ""


@dataclass(frozen=True)
class CoachDraft:
    """What the coach sees of a need in the making; anything may still be empty."""

    language: str
    problem: str
    objectives: str
    beneficiary_unit: str
    beneficiaries: int | None
    baseline: str
    capacity: str
    ends_on: date | None
    past_help: str
    requested_elsewhere: str
    indicators: int
    lines: tuple[CoachLine, ...]


@dataclass(frozen=True)
class Advice:
    """One thing that donors ask for: whether it is there, and what to write if not. `field` is where."""

    name: Message
    is_there: bool
    field: str
    advice: Message


@dataclass(frozen=True)
class VaguePhrase:
    """A phrase that asks for nothing that one could count, as it stands in the text of `field`."""

    field: str
    phrase: str
    advice: Message


@dataclass(frozen=True)
class Coaching:
    """All that the coach has to say: `score` of `best` things are there."""

    checks: tuple[Advice, ...]
    vague: tuple[VaguePhrase, ...]

    @property
    def score(self) -> int:
        """How many of the things that donors ask for are there."""
        return sum(check.is_there for check in self.checks)

    @property
    def best(self) -> int:
        """How many there could be."""
        return len(self.checks)

    @property
    def summary(self) -> Message:
        """The score in words."""
        if self.score == self.best and not self.vague:
            return msg("Donors can act on this: everything they usually ask for is here.")
        if self.score >= self.best * 2 // 3:
            return msg("Nearly there: donors will ask only a few things back.")
        return msg("Donors would have to ask back. The points below make it easier to say yes.")


def coach(draft: CoachDraft) -> Coaching:
    """Read a need in the making and say what is still missing."""
    return Coaching((*_line_checks(draft), *_need_checks(draft)), tuple(vague_phrases(draft)))


def _line_checks(draft: CoachDraft) -> list[Advice]:
    lines = [line for line in draft.lines if line.kind]
    return [
        Advice(msg("What is asked for, line by line"), bool(lines), "lines",
               msg("Add one line for each thing: a training, a set of equipment, an expert.")),
        Advice(msg("How many"), bool(lines) and all(line.quantity for line in lines), "lines",
               msg("Give a number on each line: 40 participants, 2 sets, 60 expert days.")),
        Advice(msg("For which unit"), bool(draft.beneficiary_unit) or any(line.beneficiary_unit for line in lines),
               "beneficiary_unit",
               msg("Name the service that will use it: the port control unit, the court of first instance.")),
    ]  # fmt: skip


def _need_checks(draft: CoachDraft) -> list[Advice]:
    dated = draft.ends_on is not None or any(line.ends_on for line in draft.lines)
    in_facts = len(draft.problem) >= SHORTEST_PROBLEM and bool(re.search(r"\d", draft.problem))
    return [
        Advice(msg("The problem in facts"), in_facts, "problem",
               msg("Describe what happens, where and how often, with at least one figure.")),
        Advice(msg("How many people"), draft.beneficiaries is not None, "beneficiaries",
               msg("Say how many people will benefit, women and men if you know.")),
        Advice(msg("Where you start from"), bool(draft.baseline or draft.capacity), "baseline",
               msg("Say what you have today: staff, equipment, cases in a year.")),
        Advice(msg("By when"), dated, "ends_on", msg("Give the day by which the help is needed.")),
        Advice(msg("How one will know"), draft.indicators > 0, "indicators",
               msg("Add one indicator with its value today and the value you aim for.")),
        Advice(msg("Help so far"), bool(draft.past_help), "past_help",
               msg("Say who has helped with this before and what came of it, or that nobody has.")),
        Advice(msg("Other requests"), bool(draft.requested_elsewhere), "requested_elsewhere",
               msg("Say whether you have asked anybody else for the same, so that nothing is paid twice.")),
    ]  # fmt: skip


def vague_phrases(draft: CoachDraft) -> list[VaguePhrase]:
    """The phrases that name nothing, in the order of the text, each once for each field."""
    texts = [("problem", draft.problem), ("objectives", draft.objectives)]
    texts += [(line.field or f"lines-{n}-description", line.description) for n, line in enumerate(draft.lines)]
    phrases = VAGUE.get(draft.language, VAGUE["en"])
    return [found for field, text in texts for found in _vague_in(field, text, phrases)]


def _vague_in(field: str, text: str, phrases: tuple[str, ...]) -> list[VaguePhrase]:
    words = text.split()
    folded = [fold(word).strip(".,;:()") for word in words]
    joined = " ".join(folded)
    found = []
    for phrase in phrases:
        match = re.search(rf"(?<!\w){re.escape(phrase)}", joined)
        if match and (phrase != "etc" or "etc" in folded):
            first = joined[: match.start()].count(" ")
            last = first + phrase.count(" ")
            shown = " ".join(words[first : last + 1]).strip(".,;:()")
            found.append((match.start(), shown))
    return [VaguePhrase(field, shown, _say_instead(shown)) for _start, shown in sorted(found)]


def _say_instead(phrase: str) -> Message:
    return msg(
        "“%(phrase)s” can mean anything. Say who will be able to do what afterwards, and how many of them.",
        phrase=phrase,
    )
