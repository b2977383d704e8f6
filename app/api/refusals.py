"""What services refuse, told to programs: the same words as on the pages, at the place that is to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.api.answers import CHANGED, in_words, of_status, refuse
from app.api.rules import Fault, Problem
from app.conversations.clarifications import rules as clarifications
from app.conversations.messages import rules as messages
from app.coordination import rules as meetings
from app.coordination.service import MeetingRefused
from app.courses import rules as courses
from app.foundation import errors
from app.foundation.messages import Message, msg
from app.foundation.passing_faults import is_passing
from app.foundation.permissions import Refused
from app.foundation.security_log import note
from app.foundation.web import Response, actor
from app.foundation.wording.versions import StaleVersion
from app.matching.feedback.rules import AnswerRefused
from app.needs import rules as needs
from app.needs import service as need_service
from app.needs.limits import rules as limits
from app.needs.limits.service import LimitRefused
from app.nominations import rules as nominations
from app.pledges import rules as pledges
from app.pledges.service import PledgeRefused
from app.programmes import rules as programmes

CHALLENGE = 'Bearer realm="Counterpart"'
NEED_ENDED = msg("This need has ended. It cannot be amended any more.")
LINE_IN_USE = msg("A line that somebody has pledged against cannot be left out. Put it back.")
WIDENED = msg("More people would see it than was agreed to. Withdraw this need and post it anew to show it wider.")
COURSE_ENDED = msg("The course or its session has ended or was called off. It cannot be changed any more.")
PROGRAMME_ENDED = msg("The programme cannot go there from where it stands.")
LIMIT_ENDED = msg("This limit has ended already.")
TOO_MUCH = msg("This is more than was asked for. Say why you take it anyway.")
SENT_TWICE = msg("The same was sent twice at one instant. Look whether it is there.")


def told(error: Exception) -> Response:
    """Any error, as a program is told it."""
    if isinstance(error, Problem):
        return refuse(error)
    if isinstance(error, HTTPException):
        return _http(error)
    problem = problem_of(error)
    if problem is None and is_passing(error):
        # Nothing was done: a program may send the same again, with the same key.
        more, later = {"reference": errors.note_fault(error)}, {"Retry-After": str(errors.SOON)}
        return refuse(Problem("not-now", more=more, headers=later))
    if problem is None:
        return refuse(Problem("broken", more={"reference": errors.note_fault(error)}))
    return refuse(problem)


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    errors.note_refusal(code)
    if code < 400:  # noqa: PLR2004 - a redirect that travels as an exception
        return Response(error.get_response().get_data(), status=code, headers=dict(error.get_headers()))
    problem = of_status(code)
    if code == 429:  # noqa: PLR2004 - as it is called everywhere
        problem.headers = {"Retry-After": str(errors.seconds_to_wait(getattr(error, "retry_after", None)))}
    if allowed := getattr(error, "valid_methods", None):
        problem.headers = {"Allow": ", ".join(sorted(allowed))}
    return refuse(problem)


def problem_of(error: Exception) -> Problem | None:
    """What a service has refused, if it is that; else nothing, and it is a fault of ours."""
    if isinstance(error, Refused):
        return _not_allowed(error)
    if isinstance(error, StaleVersion | StaleDataError):
        return stale(getattr(error, "record", None))
    return _mend(error) or _not_now(error)


def _not_allowed(error: Refused) -> Problem:
    if actor().is_signed_in:
        note("refused", permission=str(error))
        return Problem("refused", more={"permission": str(error)})
    return Problem("sign-in", headers={"WWW-Authenticate": CHALLENGE})


def stale(record: Any) -> Problem:
    """Somebody saved first: which version stands now."""
    if record is None:
        return Problem("changed-meanwhile")
    said = in_words(Message(CHANGED.text, {"version": record.version}))
    return Problem("changed-meanwhile", said, more={"current_version": record.version})


def _mend(error: Exception) -> Problem | None:
    """What is wrong with what was sent, where it is wrong."""
    if isinstance(error, programmes.DraftRefused | nominations.DraftRefused | courses.DraftRefused | LimitRefused):
        faults = [Fault(in_words(one.message), pointer_to(one.field)) for one in error.problems]
    elif isinstance(error, PledgeRefused | MeetingRefused):
        faults = [Fault(in_words(error.reason), pointer_to(error.field))]
    elif isinstance(error, AnswerRefused):
        faults = [Fault(in_words(error.message), pointer_to(error.field))]
    elif isinstance(error, need_service.LineInUse):
        faults = [Fault(in_words(LINE_IN_USE), "/lines")]
    elif isinstance(error, need_service.Widened):
        faults = [Fault(in_words(WIDENED), "/disclosure")]
    else:
        return None
    return Problem("not-sound", faults=faults)


REASONED = (
    pledges.MoveRefused | nominations.MoveRefused | messages.SendRefused | clarifications.MoveRefused
    | clarifications.AskRefused
)  # fmt: skip
"""What says itself why it is not possible."""
ENDED: Mapping[type[Exception], Message] = {
    needs.MoveRefused: NEED_ENDED, programmes.MoveRefused: PROGRAMME_ENDED, courses.MoveRefused: COURSE_ENDED,
    limits.MoveRefused: LIMIT_ENDED, IntegrityError: SENT_TWICE,
}  # fmt: skip


def _not_now(error: Exception) -> Problem | None:
    """What is not possible as things stand."""
    if isinstance(error, pledges.ExcessRefused):
        return Problem("not-sound", faults=[Fault(in_words(TOO_MUCH), "/reason")])
    if isinstance(error, REASONED):
        same = getattr(error, "same_as", "")
        return Problem("not-possible", in_words(error.reason), more={"same_as": same} if same else {})
    if isinstance(error, meetings.MoveRefused):
        return Problem("not-possible", in_words(error.message))
    words = next((words for kind, words in ENDED.items() if isinstance(error, kind)), None)
    return Problem("not-possible", in_words(words)) if words else None


def pointer_to(field: str) -> str:
    """Where a field of a form stands in what was sent: `/offers/0/unit` for offers-0-unit."""
    return "/" + field.replace("-", "/")
