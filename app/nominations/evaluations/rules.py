"""The law of evaluations: what is asked when, until when one may answer, and from how many answers sums are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from app.foundation.messages import Message, msg, pmsg
from app.nominations.rules import ATTENDED, CONFIRMED, FAILED, PASSED

END, USE = "end", "use"
"""At the end of a session: reaction and learning. Six months later: use on the job."""
ASKED = frozenset({CONFIRMED, ATTENDED, PASSED, FAILED})
"""Who is asked: whoever took part, and whoever was to and of whom nothing else was written down."""
AFTER_DAYS: Mapping[str, int] = {END: 1, USE: 182}
ANSWER_DAYS = 60
"""So long an answer can be given and changed; and so late, at most, somebody is asked."""
LEAST = 3
"""So many answers are shown together: of fewer one could tell whose they are, and of one more whose that is."""
LONGEST = 2000
TOO_FEW = msg("Too few have answered: figures are shown once three have.")

T = TypeVar("T")
Options = tuple[tuple[str, Message], ...]
AGREE: Options = (
    ("5", pmsg("evaluation", "Fully agree")),
    ("4", pmsg("evaluation", "Agree")),
    ("3", pmsg("evaluation", "Neither agree nor disagree")),
    ("2", pmsg("evaluation", "Disagree")),
    ("1", pmsg("evaluation", "Fully disagree")),
)
KNOWN: Options = (
    ("5", pmsg("evaluation", "Very well")),
    ("4", pmsg("evaluation", "Well")),
    ("3", pmsg("evaluation", "To some extent")),
    ("2", pmsg("evaluation", "A little")),
    ("1", pmsg("evaluation", "Not at all")),
)
USED: Options = (
    ("often", pmsg("evaluation", "Yes, often")),
    ("sometimes", pmsg("evaluation", "Yes, a few times")),
    ("no", pmsg("evaluation", "Not yet")),
)
ADVICE: Options = (
    ("yes", pmsg("evaluation", "Yes")),
    ("perhaps", pmsg("evaluation", "Perhaps")),
    ("no", pmsg("evaluation", "No")),
)
OBSTACLES: Options = (
    ("time", pmsg("evaluation", "No time beside other work")),
    ("means", pmsg("evaluation", "No equipment or money for it")),
    ("backing", pmsg("evaluation", "No backing from superiors")),
    ("rules", pmsg("evaluation", "Laws or procedures stand against it")),
    ("duties", pmsg("evaluation", "Moved to other duties")),
    ("content", pmsg("evaluation", "What was taught does not fit the work")),
    ("alone", pmsg("evaluation", "Nobody else here knows it")),
)


@dataclass(frozen=True)
class Question:
    """One question with its options, from the best answer to the worst; several may be picked if `many`."""

    code: str
    words: Message
    options: Options
    many: bool = False

    @property
    def is_scale(self) -> bool:
        """Whether the answers are numbers of which there is a mean."""
        return self.options[0][0].isdecimal()


@dataclass(frozen=True)
class Sum:
    """How often each option of a question was picked, by how many people, and the mean of a scale."""

    question: Question
    counts: tuple[int, ...]
    people: int
    mean: Decimal | None

    @property
    def rows(self) -> list[tuple[Message, int]]:
        """Each option with its count."""
        return [(name, count) for (_code, name), count in zip(self.question.options, self.counts, strict=True)]


QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    END: (
        Question("relevance", msg("The course was relevant to my work"), AGREE),
        Question("teaching", msg("The teaching helped me to learn"), AGREE),
        Question("organisation", msg("The course was well organised"), AGREE),
        Question("before", msg("How well did you know the subject before the course?"), KNOWN),
        Question("after", msg("How well do you know it now?"), KNOWN),
    ),
    USE: (
        Question("used", msg("Have you used on the job what you learned?"), USED),
        Question("obstacles", msg("What has hindered you?"), OBSTACLES, many=True),
        Question("advice", msg("Would you send a colleague to this course?"), ADVICE),
    ),
}
TEXTS: Mapping[str, Mapping[str, Message]] = {
    END: {"change": msg("What should be changed?")},
    USE: {"example": msg("An example of how you used it"), "hindered": msg("What else has hindered you?")},
}
"""What is answered in one's own words."""


def is_due(kind: str, ends_on: date, today: date) -> bool:
    """Whether people are asked today: their day has come, and is not long past."""
    since = (today - ends_on).days - AFTER_DAYS[kind]
    return 0 <= since < ANSWER_DAYS


def answers_until(asked_at: datetime) -> datetime:
    """Until when an answer can be given and changed."""
    return asked_at + timedelta(days=ANSWER_DAYS)


def shown_from_now(shown: Mapping[int, T], answered: Mapping[int, T]) -> dict[int, T]:
    """Whose answers are counted, and which, once somebody has answered; both by the person.

    They are shown in batches: as soon as so many have come who were not counted yet, all are counted as they are by
    then. In between, what is shown stays as it is, also where somebody changes an answer, so that nobody who looks
    twice can take one sum from the other and see one person's answer.
    """
    new = answered.keys() - shown.keys()
    return dict(answered) if len(new) >= LEAST else dict(shown)


def sums_of(kind: str, answers: Sequence[Mapping[str, Any]]) -> list[Sum]:
    """What was answered, question by question; nothing where too few have answered."""
    if len(answers) < LEAST:
        return []
    return [_sum(question, [answer.get(question.code) for answer in answers]) for question in QUESTIONS[kind]]


def _sum(question: Question, answers: Iterable[Any]) -> Sum:
    picked = [answer if isinstance(answer, list) else [answer] for answer in answers if answer is not None]
    counts = tuple(sum(1 for one in picked if code in one) for code, _name in question.options)
    mean: Decimal | None = None
    if question.is_scale and any(counts):
        total = sum(int(code) * count for (code, _name), count in zip(question.options, counts, strict=True))
        mean = (Decimal(total) / sum(counts)).quantize(Decimal("0.1"))
    return Sum(question, counts, len(picked), mean)
