"""Files of records for programs: listed, fetched, added and taken off, as on the pages of their records.

Who may see a file is its record's to say. To add one or to take one off is to amend the record: it has a new version,
and what a form refuses to save is refused here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field as Said
from pydantic import create_model

from app.api import lessons, needs, pledges, programmes, teaching
from app.api.answers import Answer, absolute, in_words, record
from app.api.operations import hands_out, reads, seen_version, writes
from app.api.parts import Whose, whose
from app.api.rules import BYTES, Problem
from app.api.shapes import Given, many, shown_as
from app.api.uploads import FileSent, SentFile
from app.courses.queries import find_course
from app.foundation.db import Tx
from app.foundation.disclosure import field_tier, may_see_field, surface
from app.foundation.filing.downloads import one_of
from app.foundation.filing.files import Attachment, files_of, keep_files, take_off
from app.foundation.filing.looking.rules import may_be_given_out
from app.foundation.messages import msg
from app.foundation.permissions import Permission
from app.foundation.web import actor, found, now, site
from app.lessons import evidence
from app.lessons.queries import find_lesson
from app.needs.attachments import attach_files, detach_files
from app.needs.queries import visible_fields
from app.pledges.queries import is_of_either_side
from app.programmes.queries import find_programme

TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "txt": "text/plain", "csv": "text/csv",
}  # fmt: skip
"""What a file is, by the ending that its content was found to bear out."""
MEND_FIRST = msg("The record itself has to be mended before its files can change. Amend it, then send this again.")
New = Iterable[tuple[str, bytes]]
Keep = Callable[[Tx, Any, New, Iterable[str]], None]


class FileGiven(Given):
    """A file on a record. While it is checked for what does harm, its sender alone knows of it."""

    ref: str
    url: str = Said(description="Where a browser fetches it.")
    content_url: str = Said(description="Where a program fetches it.")
    name: str
    size: int = Said(description="In bytes.")
    content_type: str = Said(description="What it is; it is given out as application/octet-stream, always.")
    disclosure: str = Said(description="Who may have it: public, members, named, own, or sides (both of a pledge).")
    state: str = Said(description="waiting (for the scanner), clean, refused, or unscanned (nobody scans here).")
    is_quarantined: bool = Said(description="It waits for the scanner or was refused by it: nobody can fetch it.")
    finding: str | None = Said(default=None, description="What the scanner found in it.")
    text: str = Said(
        description="read: search finds the record by the text in it; else waiting, empty, unreadable, none."
    )
    organisation: Whose = Said(description="Whose people have added it.")
    is_yours: bool = Said(description="You have added it.")
    added_at: datetime


Files = create_model(
    "Files", __base__=Given, __doc__="The files of a record that you may see, oldest first.",
    items=(many(FileGiven), ...),
)  # fmt: skip


@dataclass(frozen=True)
class Changing:
    """How files come onto a record and off it: by whom it is found, amended without another word, and given them."""

    permission: Permission
    own: Callable[[Tx, str], Any]
    amend: Callable[[Tx, Any, Any, int | None], None]
    nothing_else: Callable[[], Any]
    keep: Keep


@dataclass(frozen=True)
class Holder:
    """A kind of record that files hang on: how it is found, who sees its files, and how they are changed, if at all."""

    kind: str
    find: Callable[[Tx, str], Any]
    sees: Callable[[Tx, Any], bool]
    changing: Changing | None

    @property
    def path(self) -> str:
        """Where its files are."""
        return f"/{self.kind}s/<ref>/files"

    def files(self, tx: Tx, record: Any) -> list[Attachment]:
        """Those of its files that the reader may see."""
        return files_of(tx, record.ref, actor()) if self.sees(tx, record) else []


def _keep(tx: Tx, record: Any, new: New, unwanted: Iterable[str]) -> None:
    take_off(tx, record.ref, unwanted)
    keep_files(tx, record, actor().account_id, new, site().files, now())


def _keep_on_need(tx: Tx, need: Any, new: New, unwanted: Iterable[str]) -> None:
    detach_files(tx, actor(), need, unwanted, now())
    attach_files(tx, actor(), need, new, site().files, now())


def _keep_on_lesson(tx: Tx, lesson: Any, new: New, unwanted: Iterable[str]) -> None:
    evidence.keep(tx, actor(), lesson, (new, unwanted), site().files, now())


def _everybody(_tx: Tx, _record: Any) -> bool:
    return True


HOLDERS = (
    Holder(
        "need", needs.here, lambda tx, need: visible_fields(tx, actor(), need)["files"],
        Changing(Permission.NEED_AMEND, needs.own, needs.amended, needs.NeedChanged, _keep_on_need),
    ),
    Holder(
        "programme", lambda tx, ref: found(find_programme(tx, actor(), ref)), _everybody,
        Changing(
            Permission.PROGRAMME_AMEND, programmes.own, programmes.amended, programmes.ProgrammeChanged, _keep
        ),
    ),
    Holder(
        "course", lambda tx, ref: found(find_course(tx, actor(), ref)), _everybody,
        Changing(Permission.COURSE_AMEND, teaching.own, teaching.amended, teaching.CourseChanged, _keep),
    ),
    Holder(
        "lesson", lambda tx, ref: found(find_lesson(tx, actor(), ref)),
        lambda _tx, lesson: may_see_field(actor(), lesson, "files"),
        Changing(Permission.LESSON_RECORD, lessons.own, lessons.amended, lessons.LessonChanged, _keep_on_lesson),
    ),
    # What is attached to a pledge goes with it when it is made, on the pages as here (pledges.make_pledge); it is the
    # business of both its sides, and stays.
    Holder("pledge", pledges.here, lambda _tx, pledge: is_of_either_side(actor(), pledge), None),
)  # fmt: skip


def publish(holder: Holder) -> None:
    """Let the files of such a record be listed and fetched."""
    kind, permission = holder.kind, Permission.PUBLIC_READ
    listing, single = surface(f"{kind}.api_files", "api", kind), surface(f"{kind}.api_file", "api", kind)

    def files(tx: Tx, ref: str) -> Answer:
        return _all_of(tx, holder, holder.find(tx, ref))

    def file(tx: Tx, ref: str, fref: str) -> Answer:
        return _one_of(tx, holder, holder.find(tx, ref), fref)

    def content(tx: Tx, ref: str, fref: str) -> Attachment:
        return one_of(holder.files(tx, holder.find(tx, ref)), fref)

    reads(holder.path, permission, listing, Files, f"Files of a {kind}")(_named(f"{kind}_files", files))
    reads(f"{holder.path}/<fref>", permission, single, FileGiven, f"One file of a {kind}")(_named(f"{kind}_file", file))
    hands_out(f"{holder.path}/<fref>/content", permission, single, f"Fetch a file of a {kind}")(
        _named(f"{kind}_file_content", content)
    )


def publish_changes(holder: Holder, changing: Changing) -> None:
    """Let files be added to such a record, and taken off it."""
    kind = holder.kind

    def add(tx: Tx, sent: SentFile, ref: str) -> Answer:
        mine = changing.own(tx, ref)
        version = seen_version(mine)
        chosen = (sent.name, sent.content)
        _amend(tx, changing, mine, version)
        changing.keep(tx, mine, [chosen], ())
        tx.flush()
        return _one_of(tx, holder, mine, holder.files(tx, mine)[-1].ref, 201)

    def remove(tx: Tx, ref: str, fref: str) -> Answer:
        mine = changing.own(tx, ref)
        unwanted = one_of(holder.files(tx, mine), fref)
        _amend(tx, changing, mine, seen_version(mine))
        changing.keep(tx, mine, (), [unwanted.ref])
        tx.flush()
        return _all_of(tx, holder, mine)

    writes(
        "POST", holder.path, changing.permission, f"{kind}.api_file", FileGiven, f"Add a file to a {kind}",
        takes=FileSent, status=201, is_form=True,
    )(_named(f"add_{kind}_file", add))  # fmt: skip
    writes(
        "DELETE", f"{holder.path}/<fref>", changing.permission, f"{kind}.api_files", Files,
        f"Take a file off a {kind}",
    )(_named(f"remove_{kind}_file", remove))  # fmt: skip


def _amend(tx: Tx, changing: Changing, mine: Any, version: int | None) -> None:
    try:
        changing.amend(tx, mine, changing.nothing_else(), version or mine.version)
    except Problem as problem:
        if problem.kind == "not-sound":
            # The faults are those of the record, and nothing of what was sent.
            problem.detail = in_words(MEND_FIRST)
        raise


def _named(name: str, view: Any) -> Any:
    # An operation is called as its view is.
    view.__name__ = name
    return view


def _all_of(tx: Tx, holder: Holder, one: Any) -> Answer:
    return record({"items": [_shown(holder, one, file) for file in holder.files(tx, one)]}, one.version)


def _one_of(tx: Tx, holder: Holder, one: Any, fref: str, status: int = 200) -> Answer:
    file = one_of(holder.files(tx, one), fref)
    place = absolute(f"api.{holder.kind}_file", ref=one.ref, fref=fref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(_shown(holder, one, file), one.version, status, place)


def _shown(holder: Holder, one: Any, file: Attachment) -> dict[str, Any]:
    return file_shown(
        file, one.organisation,
        url=absolute(f"{holder.kind}s.file", ref=one.ref, fref=file.ref),
        content_url=absolute(f"api.{holder.kind}_file_content", ref=one.ref, fref=file.ref),
        disclosure=field_tier(one, "files") if holder.changing else "sides",
        text=file.text_state if one.files_for_all else "none",
    )  # fmt: skip


def file_shown(file: Attachment, organisation: Any, **more: str) -> dict[str, Any]:
    """A file as its readers see it; `more` is what its record says of it."""
    account_id = actor().account_id
    values = {
        "ref": file.ref, "name": file.name, "size": file.size, "state": file.state, "finding": file.finding,
        "content_type": TYPES.get(file.ending.lower(), BYTES),
        "is_quarantined": not may_be_given_out(file.state),
        "organisation": whose(organisation),
        "is_yours": account_id is not None and file.uploaded_by == account_id,
        "added_at": file.uploaded_at,
        **more,
    }  # fmt: skip
    return shown_as(FileGiven, values)


for each in HOLDERS:
    publish(each)
    if each.changing is not None:
        publish_changes(each, each.changing)
