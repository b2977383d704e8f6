"""An index of what a test has made, and asking it as somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS, Actor
from app.search.indexer import all_documents
from app.search.query import SearchResults, search
from app.search.reactions import engine_of
from app.search.request import SearchRequest
from tests.conftest import server_address

Searching = Callable[..., SearchResults]


@pytest.fixture
def index(app: Flask, tx: Tx) -> Callable[[], Any]:
    """Index all records that the test has made."""
    site = app.extensions["counterpart"]

    def rebuild() -> Any:
        tx.flush()
        engine = engine_of(site)
        engine.rebuild(all_documents(site.database))
        return engine

    return rebuild


@pytest.fixture
def searching(index: Callable[[], Any], app: Flask, tx: Tx) -> Searching:
    """Index what there is, then ask: `searching("country:SN ports", reader, theme=["prisons"])`."""

    def ask(text: str = "", reader: Actor = ANONYMOUS, language: str = "en", **asked: Any) -> SearchResults:
        engine = index()
        request = SearchRequest(
            text, {name: tuple(values) for name, values in asked.pop("filters", {}).items()}, **asked
        )
        with app.test_request_context():
            return search(tx, reader, engine, request, language)

    return ask


def titles(results: SearchResults) -> list[str]:
    """The titles on the page, in order."""
    return [found.record.title for found in results.page.items]


@pytest.fixture
def with_server(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Sees to it that there is a server, where a kind of engine needs one."""

    def see_to_it(kind: str) -> None:
        if kind == "postgresql":
            server_address(request.config)

    return see_to_it
