"""Before a record is posted by a program, the same is asked as on the page: whether it is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel
from pydantic import Field as Said
from werkzeug.datastructures import MultiDict

from app.api.answers import in_words
from app.api.bodies import pointer
from app.api.rules import Fault, Problem
from app.foundation.guarding import Guarded, Posting, look_for
from app.foundation.messages import msg

Word = Annotated[str, Said(max_length=2000)]
Answers: Mapping[str, Any] = {
    "answers": (
        Annotated[dict[str, Word], Said(max_length=60)] | None,
        Said(default=None, description="Answers to what a problem of the type “answer-first” has asked, by its names."),
    )
}
"""The field of a body in which is answered what was asked."""
FIRST = msg(
    "Something like it seems to be here already. Say in “answers” how yours stands to it, as the errors name it, and "
    "send it again."
)


def given_answers(body: BaseModel) -> MultiDict[str, str]:
    """What the program has answered beside the record itself."""
    return MultiDict(getattr(body, "answers", None) or {})


def look(posting: Posting, body: BaseModel) -> Guarded:
    """Look for records that seem to be the same; what was answered is saved with the record by `keep`.

    Raises:
        Problem: something has to be answered first.
    """
    guarded = look_for(posting, given_answers(body))
    if guarded.problems:
        faults = [Fault(text, pointer(["answers", field])) for field, text in guarded.problems]
        raise Problem("answer-first", in_words(FIRST), faults)
    return guarded
