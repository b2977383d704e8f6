"""Files that programs send, alone or beside a record, looked at as the forms of the pages look at theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic import Field as Said
from werkzeug.datastructures import FileStorage

from app.api.answers import in_words
from app.api.bodies import UNKNOWN, WORDS, WRONG, plain_of, pointer, sent, shaped
from app.api.rules import Fault, Problem
from app.api.shapes import Sent
from app.foundation.filing.fields import problem_of
from app.foundation.filing.files import LARGEST_FILE, plain_name
from app.foundation.messages import msg
from app.foundation.web import request

FORM = "multipart/form-data"
PART, PARTS = "file", "files"
SEND_FORM = msg("Send the file as multipart/form-data, in a part called “file” that has the name of the file.")
MANY = msg("Send one file at a time.")


class FileSent(Sent):
    """A form with one file."""

    file: bytes = Said(
        description="PDF, Word, Excel, OpenDocument, PNG, JPEG, TXT or CSV, up to 10 MB, with its name; sent as "
        "multipart/form-data."
    )


@dataclass(frozen=True)
class SentFile:
    """A file that was found sound: its plain name and its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Parcel:
    """A record that was sent, in its shape, and the files beside it, which its form looks at."""

    record: Any
    files: Sequence[FileStorage] = ()


def sent_file() -> SentFile:
    """The one file that was sent.

    Raises:
        Problem: there is none, or more than one, or it is not taken.
    """
    if request.mimetype != FORM:
        raise Problem("wrong-type", in_words(SEND_FORM))
    faults = [Fault(in_words(UNKNOWN), pointer([name])) for name in sorted(_parts() - {PART})]
    files = [file for file in request.files.getlist(PART) if file.filename]
    if len(files) != 1:
        faults.append(Fault(in_words(MANY if files else WORDS["missing"]), f"/{PART}"))
    if faults:
        raise Problem("not-sound", faults=faults)
    name, content = files[0].filename or "", files[0].stream.read(LARGEST_FILE + 1)
    if problem := problem_of(name, content):
        if problem.reason == "large":
            raise Problem("too-large", problem.words)
        raise Problem("not-sound", faults=[Fault(problem.words, f"/{PART}")])
    return SentFile(plain_name(name), content)


def parcel(shape: type[BaseModel], part: str) -> Callable[[], Parcel]:
    """A record as JSON alone, or in this part of a form with files beside it; looked at when it is asked for.

    Raises:
        Problem: it is neither, or, once it is asked for, something in it is not what it has to be.
    """
    if request.mimetype != FORM:
        return lambda: Parcel(shaped(shape, sent()))
    return lambda: _unpacked(shape, part)


def _unpacked(shape: type[BaseModel], part: str) -> Parcel:
    written: list[str | bytes] = [
        *request.form.getlist(part),
        *(one.stream.read() for one in request.files.getlist(part)),
    ]
    files = request.files.getlist(PARTS)
    faults = [Fault(in_words(UNKNOWN), pointer([name])) for name in sorted(_parts() - {part, PARTS})]
    if len(written) != 1:
        faults.append(Fault(in_words(WRONG if written else WORDS["missing"]), pointer([part])))
    if PARTS in request.form or not all(file.filename for file in files):
        # A browser sends such a part where nothing was chosen; a program has meant to send a file.
        faults.append(Fault(in_words(WRONG), f"/{PARTS}"))
    if faults:
        raise Problem("not-sound", faults=faults)
    return Parcel(shaped(shape, plain_of(written[0])), files)


def _parts() -> set[str]:
    return {*request.form, *request.files}


def digest_of_request() -> str:
    """By what the same request is known again: its method, its address, and what was sent with it.

    Of a form these are its parts, for each sending of it divides them by another mark.
    """
    asked = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.mimetype != FORM:
        asked.update(request.get_data())
        return asked.hexdigest()
    parts: list[tuple[str, ...]] = sorted(request.form.items(multi=True))
    for name, file in request.files.items(multi=True):
        parts.append((name, file.filename or "", hashlib.sha256(file.stream.read()).hexdigest()))
        file.stream.seek(0)
    asked.update(json.dumps(parts).encode())
    return asked.hexdigest()
