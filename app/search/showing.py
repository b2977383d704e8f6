"""How one record looks on the page of results: title and text with the words marked, and why it was found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.foundation.languages import name_of
from app.foundation.text import fold
from app.search.documents import TEXTS
from app.search.explaining import why_found
from app.search.forms import Namer
from app.search.highlight import marked, snippet
from app.search.language import PART
from app.search.query import SearchResults
from app.search.records import Found


@dataclass(frozen=True)
class Reason:
    """One part of why a record was found: where the words are, the concept that links them, or the file."""

    place: str
    words: str
    concept: str = ""
    file: str = ""


class Shown:
    """What the template asks of each record that was found."""

    def __init__(self, results: SearchResults, namer: Namer) -> None:
        self.results = results
        self.namer = namer

    def title(self, found: Found) -> Any:
        """The title, words marked."""
        return marked(found.record.title, self.results.stems)

    def text(self, found: Found) -> Any:
        """The part of the text where the words are, or nothing where there is no text beside the title."""
        body = TEXTS[found.kind](found.record)[1][0].strip()
        return snippet(body, self.results.stems) if body and body != found.record.title else None

    def page_address(self, number: int) -> str:
        """The address of another page of these results."""
        return self.results.request.address(page=number)

    def why(self, found: Found) -> list[Reason]:
        """Why it was found, part by part; the words it lacks come last."""
        if not self.results.groups:
            return []
        why = why_found(found, self.results.groups, self.results.request.question.phrases)
        reasons = [Reason(place, self.words(words)) for place, words in why.places.items()]
        reasons += [
            Reason("concept", self.words(words), name_of("concept", concept, self.namer.language))
            for concept, words in why.concepts.items()
        ]
        reasons += [Reason("file", self.words(words), file=name) for name, words in why.files.items()]
        return [*reasons, Reason("missing", self.words(why.missing))] if why.missing else reasons

    def words(self, folded: tuple[str, ...]) -> str:
        """Words of the question as they were typed, or as the near word is written."""
        return ", ".join(self._written.get(word, word) for word in folded)

    @cached_property
    def _written(self) -> dict[str, str]:
        typed = {fold(written): written for written in PART.findall(self.results.request.text)}
        return typed | {fold(one.near): one.near for one in self.results.respelt}
