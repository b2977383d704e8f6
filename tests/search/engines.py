"""Documents for the tests of search engines, and a plain model in Python of what an index has to say."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from zlib import crc32

from hypothesis import strategies as st
from sqlalchemy import Engine

from app.foundation.db import make_engine
from app.search.engine import ColumnEngine, WhooshEngine
from app.search.engine_types import EngineQuery, IndexDocument, Key, SearchEngine
from app.search.language import terms, words
from app.search.postgres_home import PostgresHome
from app.search.terms import groups_of
from tests.servers import SERVER_ADDRESS, new_database

FACETS = ("type", "theme", "country", "status")
ENGINES = ("whoosh", "postgresql")


def document(
    number: int, title: str, body: str = "", *, kind: str = "need", tokens: tuple[str, ...] = (), **facets: str
) -> IndexDocument:
    """A document in English; public if it has no tokens."""
    return IndexDocument(
        key=(kind, number),
        version=1,
        title=tuple(terms(title, "en")),
        body=tuple(terms(body, "en")),
        concepts=(),
        words=tuple(dict.fromkeys(words(f"{title} {body}"))) if not tokens else (),
        facets={name: tuple(value.split()) for name, value in facets.items()},
        is_public=not tokens,
        tokens=tokens,
        posted=number,
    )


def ask(engine: SearchEngine, text: str = "", **changes: object) -> list[Key]:
    """The keys of what is found."""
    query = replace(EngineQuery(groups_of(text), facets=FACETS), **changes)  # type: ignore[arg-type]
    return [hit.key for hit in engine.search(query).hits]


WORDS = ("boats", "judges", "prison", "training", "précurseurs", "القضاه")
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
documents = st.builds(
    document,
    st.integers(1, 12),
    texts,
    texts,
    kind=st.sampled_from(["need", "programme"]),
    tokens=st.sampled_from([(), (), ("o1",), ("o1", "o2")]),
    country=st.sampled_from(["", "GH", "SN CV"]),
)


class Model:
    """What an index has to say, by looking at every document."""

    def __init__(self) -> None:
        self.documents: dict[Key, IndexDocument] = {}

    def replace(self, documents: list[IndexDocument], gone: list[Key]) -> None:
        """Put documents in the place of older ones."""
        for key in gone:
            self.documents.pop(key, None)
        self.documents |= {document.key: document for document in documents}

    def visible(self, tokens: frozenset[str] | None) -> list[IndexDocument]:
        """What these tokens open."""
        found = self.documents.values()
        return [d for d in found if d.is_public or tokens is None or tokens & set(d.tokens)]

    def with_word(self, stem: str, tokens: frozenset[str] | None) -> set[Key]:
        """What has a stem in title or body."""
        return {d.key for d in self.visible(tokens) if stem in d.title or stem in d.body}

    def counts(self, facet: str, tokens: frozenset[str] | None) -> dict[str, int]:
        """How often each value of a facet occurs."""
        return dict(Counter(value for d in self.visible(tokens) for value in d.facets.get(facet, ())))


def make(kind: str, folder: Path) -> SearchEngine:
    """An engine of this kind whose index has the name of a folder, so that a second one shares it.

    The server of PostgreSQL is there already: the fixture `with_server` sees to it.
    """
    if kind == "whoosh":
        return WhooshEngine(folder)
    schema = f"index_{crc32(str(folder).encode()):x}"
    return ColumnEngine(PostgresHome(_server(), folder / "copies", schema))


@cache
def _server() -> Engine:
    return make_engine(new_database(os.environ[SERVER_ADDRESS], f"counterpart_search_{os.getpid()}"))
