"""The law of courses: how a course and each dated run of it move, and until when one may register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.foundation.messages import Message, msg, pmsg
from app.foundation.money import is_currency

MOVES: Mapping[str, frozenset[str]] = {
    "posted": frozenset({"posted", "withdrawn"}),
    "withdrawn": frozenset(),
}
SESSION_MOVES: Mapping[str, frozenset[str]] = {
    "open": frozenset({"open", "full", "cancelled"}),
    "full": frozenset({"open", "full", "cancelled"}),
    "cancelled": frozenset(),
}
SESSION_CHOICES: Mapping[str, Message] = {"open": msg("Open for registration"), "full": pmsg("session", "Full")}
"""What a form offers; a session is cancelled by a move of its own."""

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    "posted": (msg("In the catalogue"), "accent"),
    "withdrawn": (pmsg("course", "Withdrawn"), "danger"),
}

TYPES: Mapping[str, Message] = {
    "course": pmsg("type of course", "Course"),
    "workshop": pmsg("type of course", "Workshop"),
    "seminar": pmsg("type of course", "Seminar"),
    "study_visit": pmsg("type of course", "Study visit"),
    "simulation": pmsg("type of course", "Simulation exercise"),
    "attachment": pmsg("type of course", "On-the-job attachment"),
    "trainers": pmsg("type of course", "Training of trainers"),
    "conference": pmsg("type of course", "Conference"),
}
"""What a centre gives: the usual one first."""
LEVELS: Mapping[str, Message] = {
    "introductory": msg("Introductory"),
    "intermediate": msg("Intermediate"),
    "advanced": msg("Advanced"),
    "trainers": msg("For trainers"),
}
FORMATS: Mapping[str, Message] = {
    "on_site": msg("On site"),
    "online": msg("Online"),
    "mixed": msg("Online and on site"),
}

INCLUDED: Mapping[str, Message] = {
    "teaching": msg("Teaching and materials"),
    "travel": msg("Travel"),
    "lodging": msg("Lodging"),
    "meals": msg("Meals"),
    "per_diem": msg("Daily allowance"),
    "insurance": msg("Insurance"),
}
"""What a fee may cover."""
MOST_MARK = 100

DISCLOSURE_NAMES: Mapping[str, Message] = {
    "public": msg("Anybody"),
    "members": msg("People of verified organisations"),
    "named": msg("Only the organisations that I name"),
    "own": msg("Only my own organisation"),
}

PAST: Mapping[str, Message] = {
    "course.posted": pmsg("course", "Posted"),
    "course.amended": pmsg("course", "Amended"),
    "course.confirmed": pmsg("course", "Confirmed: it still stands"),
    "course.withdrawn": pmsg("course", "Withdrawn"),
    "course_session.posted": msg("Session posted"),
    "course_session.amended": msg("Session amended"),
    "course_session.cancelled": msg("Session cancelled"),
    "course_session.intake_set": msg("Quotas and terms set"),
}
"""What the actions in the audit trail say in words."""

TIME_ZONES = (
    "UTC",
    "Africa/Abidjan", "Africa/Accra", "Africa/Addis_Ababa", "Africa/Bissau", "Africa/Casablanca", "Africa/Conakry",
    "Africa/Dakar", "Africa/Freetown", "Africa/Johannesburg", "Africa/Lagos", "Africa/Lome", "Africa/Luanda",
    "Africa/Maputo", "Africa/Nairobi", "Africa/Niamey", "Africa/Nouakchott", "Africa/Tunis",
    "America/Argentina/Buenos_Aires", "America/Barbados", "America/Bogota", "America/Caracas", "America/Costa_Rica",
    "America/Guatemala", "America/Guayaquil", "America/Guyana", "America/Jamaica", "America/La_Paz", "America/Lima",
    "America/Managua", "America/Mexico_City", "America/New_York", "America/Panama", "America/Port_of_Spain",
    "America/Santiago", "America/Santo_Domingo", "America/Sao_Paulo", "America/Tegucigalpa",
    "Asia/Bangkok", "Asia/Beirut", "Asia/Tashkent",
    "Atlantic/Cape_Verde",
    "Europe/Berlin", "Europe/Brussels", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Paris",
    "Europe/Rome", "Europe/Vienna",
)  # fmt: skip
"""The usual ones, by IANA name; any other that exists is kept where a record has it."""

VERIFY_AFTER = timedelta(days=180)
"""A centre is asked after half a year whether the course still stands as written."""


class MoveRefused(ValueError):
    """A course or session cannot go from where it is to where it was asked to go; `status` and `wanted` say which."""

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"{status} -> {wanted}")
        self.status = status
        self.wanted = wanted


def check_move(moves: Mapping[str, frozenset[str]], status: str, wanted: str) -> None:
    """Go on only if the move is in the table (MOVES or SESSION_MOVES).

    Raises:
        MoveRefused: it is not.
    """
    if wanted not in moves.get(status, frozenset()):
        raise MoveRefused(status, wanted)


def verify_by(today: date) -> date:
    """When the centre will be asked whether the course still stands."""
    return today + VERIFY_AFTER


def is_time_zone(name: str) -> bool:
    """Whether this is a time zone that the IANA database knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def day_there(now: datetime, time_zone: str) -> date:
    """Which day it is in a time zone (IANA name) at an instant; in UTC where the zone is unknown."""
    return now.astimezone(ZoneInfo(time_zone)).date() if is_time_zone(time_zone) else now.date()


def registers_until(register_by: date | None, starts_on: date) -> date:
    """The last day of registration: the one that is set, or the day before the session starts."""
    return register_by or starts_on - timedelta(days=1)


def is_open_for_registration(status: str, register_by: date | None, starts_on: date, today: date) -> bool:
    """Whether one may register today, in the session's own time zone; the last day counts to its end."""
    return status == "open" and today <= registers_until(register_by, starts_on)


@dataclass(frozen=True)
class Standing:
    """What a session is to a reader today, in a word with the colour of its tag, and in a sentence."""

    is_open: bool
    word: Message
    colour: str
    sentence: Message


def session_standing(  # noqa: PLR0911 - one line for each state
    *, status: str, starts_on: date, ends_on: date, register_by: date | None, today: date, is_withdrawn: bool = False
) -> Standing:
    """Say plainly whether one may register for a session, and if not, why."""
    if status == "cancelled":
        return Standing(
            False, pmsg("session", "Cancelled"), "danger", msg("This session was cancelled and does not take place.")
        )
    if is_withdrawn:
        return Standing(False, pmsg("course", "Withdrawn"), "danger", msg("The course has been withdrawn."))
    if today > ends_on:
        return Standing(False, pmsg("session", "Over"), "neutral", msg("This session is over."))
    if today >= starts_on:
        return Standing(False, pmsg("session", "Under way"), "info", msg("This session has begun."))
    if status == "full":
        return Standing(False, pmsg("session", "Full"), "warning", msg("Every seat of this session is taken."))
    until = registers_until(register_by, starts_on)
    if not is_open_for_registration(status, register_by, starts_on, today):
        closed = msg("Registration closed on %(day)s.", day=until)
        return Standing(False, msg("Registration closed"), "neutral", closed)
    return Standing(
        True, msg("Open for registration"), "success", msg("Registration is open until %(day)s.", day=until)
    )


@dataclass(frozen=True)
class Problem:
    """What keeps a course or session from being kept as it is: the field, and how to mend it."""

    field: str
    message: Message


class DraftRefused(ValueError):
    """A draft breaks a rule; `problems` name every wrong field."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in self.problems))


def fee_problems(amount: Decimal | None, currency: str) -> list[Problem]:
    """What is wrong with a fee: an amount above zero and a currency belong together."""
    if amount and not is_currency(currency):
        return [Problem("currency", msg("Say in which currency the fee is, in three letters such as EUR."))]
    return []


def content_problems(*, themes: Iterable[str], languages: Iterable[str], reach: Iterable[str]) -> list[Problem]:
    """A course is about something, given in some language, and for somebody; `reach` is countries and groupings."""
    asked = (
        (themes, "themes", msg("Pick at least one theme that the course is about.")),
        (languages, "languages", msg("Pick at least one language that the course is given in.")),
        (reach, "countries", msg("Pick at least one country or grouping that the course is for.")),
    )
    return [Problem(field, message) for values, field, message in asked if not tuple(values)]


def audience_problems(disclosure: str, named: Iterable[int]) -> list[Problem]:
    """A record for named organisations names some."""
    if disclosure == "named" and not tuple(named):
        return [Problem("named", msg("Pick the organisations that may see it, or choose another audience."))]
    return []


def session_problems(
    *, starts_on: date, ends_on: date, register_by: date | None, seats: int, time_zone: str
) -> list[Problem]:
    """What is wrong with the days, the seats or the time zone of a session."""
    problems = []
    if ends_on < starts_on:
        problems.append(Problem("ends_on", msg("This is before the start. Give a later day, or correct the start.")))
    if register_by and register_by > starts_on:
        problems.append(
            Problem("register_by", msg("One could register after the session has begun. Give a day before the start."))
        )
    if seats < 1:
        problems.append(Problem("seats", msg("A session has at least one seat.")))
    if not is_time_zone(time_zone):
        problems.append(Problem("time_zone", msg("Choose the time zone of the place where the session is held.")))
    return problems


def new_session_problems(*, ends_on: date, today: date) -> list[Problem]:
    """What is wrong with announcing a session: it has to be still to come."""
    if ends_on < today:
        return [Problem("ends_on", msg("This session is over already. Give days that are still to come."))]
    return []
