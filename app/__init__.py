"""Counterpart: where States that need help against drug trafficking meet donors and training centres that give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings
    from app.foundation.db import Database


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Build the site from its settings, the environment's if none are given.

    Raises:
        SettingsError: the environment cannot be used as it is.
    """
    # Imported here, so that rules and models can be read and tested without Flask.
    from app.application import build  # noqa: PLC0415

    return build(settings, database)
