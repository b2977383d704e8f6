"""An index of what a test has made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.foundation.db import Tx
from app.search.indexer import all_documents
from app.search.reactions import engine_of


@pytest.fixture
def index(app: Flask, tx: Tx) -> Callable[[], None]:
    """Index all records that the test has made."""
    site = app.extensions["counterpart"]

    def rebuild() -> None:
        tx.flush()
        engine_of(site).rebuild(all_documents(site.database))

    return rebuild
