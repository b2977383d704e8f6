"""Lessons on precursors, indexed, and what asks for them."""

from __future__ import annotations

import pytest

from app.search.indexer import index_records
from app.search.reactions import engine_of

THEME = "precursor_control"


@pytest.fixture
def library(world, tx, app):
    """`library.lesson(...)` records a lesson and puts it into the index, which is `library.engine`."""
    return Library(world, tx, engine_of(app.extensions["counterpart"]))


class Library:
    def __init__(self, world, tx, engine):
        self.world, self.tx, self.engine = world, tx, engine
        self.organisation = world.organisation("donor")

    def lesson(self, title="Kits expired at customs", **kw):
        kw.setdefault("themes", [THEME])
        kw.setdefault("status", "validated")
        made = self.world.lesson(kw.pop("organisation", self.organisation), title=title, **kw)
        self.tx.flush()
        index_records(self.tx, self.engine, [("lesson", made.id)])
        return made
