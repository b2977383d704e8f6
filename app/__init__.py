"""Counterpart: where States that need help against drug trafficking meet donors and training centres that give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.foundation.collector import Collector, collector_resting, settle

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings
    from app.foundation.db import Database


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Build the site from its settings, the environment's if none are given.

    Raises:
        SettingsError: the environment cannot be used as it is.
    """
    # A thousand modules make a million objects that all stay: looking for garbage among them takes a fifth of a start.
    with collector_resting():
        # Imported here, so that rules and models can be read and tested without Flask.
        from app.application import build  # noqa: PLC0415

        return build(settings, database)


def create_lasting_app() -> Flask:
    """The same for a process that serves pages with several threads until it ends."""
    app = create_app()
    settle()
    Collector().start()
    return app
