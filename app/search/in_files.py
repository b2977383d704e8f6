"""Records are found by the words of their files too: public files of public records, and nothing else.

Other sensitive fields never come into the index, and no more does a file that not everybody may have, nor one on a
record that not everybody may see: so there is no question by which the text of such a file could be felt for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.filing.files import Attachment, FileText
from app.foundation.filing.looking.rules import GIVEN_OUT
from app.search.engine_types import TermGroup
from app.search.language import PART, STOP, stem, terms, words

MOST_WORDS = 6000
"""So many different words of all files of a record are kept, the first ones."""
SAMPLE = 400
FEWEST_LITTLE = 0.05
"""In a text of any language that is known here at least so large a share of the words are its little ones."""
BEGINNING = 3
"""Two words of one stem begin alike, at least so far: a text of 200,000 letters is not stemmed to find one."""


@dataclass(frozen=True)
class FileFound:
    """A file of a record that search looks into: its name and its text."""

    name: str
    text: str


def files_searched(tx: Tx, records: Iterable[Any]) -> Mapping[str, Sequence[FileFound]]:
    """The files by which these records are found, by the record's reference. The reader has been asked about before."""
    refs = [record.ref for record in records if record.files_for_all]
    query = (
        select(Attachment.record_ref, Attachment.name, FileText.text)
        .join(FileText, FileText.attachment_id == Attachment.id)
        .where(Attachment.record_ref.in_(refs), Attachment.state.in_(GIVEN_OUT))
        .order_by(Attachment.id)
    )
    found: dict[str, list[FileFound]] = {}
    for ref, name, text in tx.execute(query) if refs else ():
        found.setdefault(ref, []).append(FileFound(name, text))
    return found


def words_of_files(tx: Tx, records: Iterable[Any]) -> Mapping[str, tuple[str, ...]]:
    """What the files of these records put into the index, by the record's reference."""
    found = files_searched(tx, records)
    return {ref: tuple(_terms(files))[:MOST_WORDS] for ref, files in found.items()}


def _terms(files: Iterable[FileFound]) -> dict[str, None]:
    return dict.fromkeys(term for file in files for term in terms(file.text, language_of(file.text)))


def language_of(text: str) -> str:
    """The language of a text by its little words; empty where there are too few to tell."""
    sample = words(text[: SAMPLE * 10])[:SAMPLE]
    counted = {language: sum(word in little for word in sample) for language, little in STOP.items()}
    best = max(counted, key=lambda language: counted[language])
    return best if counted[best] > FEWEST_LITTLE * len(sample) else ""


def file_with(group: TermGroup, files: Sequence[FileFound]) -> str | None:
    """The name of the first file that has a word of a question, as the index has it."""
    starts = {form[:BEGINNING] for form in (*group.stems, group.word)}
    for file in files:
        language = language_of(file.text)
        alike = {word for word in _distinct(file.text) if word[:BEGINNING] in starts}
        if any(stem(word, language) in group.stems for word in alike):
            return file.name
    return None


def _distinct(text: str) -> set[str]:
    return set(words(" ".join(dict.fromkeys(PART.findall(text)))))
