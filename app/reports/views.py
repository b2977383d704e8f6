"""The pages of reports: what can be made, what was made, and whether a paper was made here."""

from __future__ import annotations

from app.reports.note import views as note
from app.reports.shared import bp

__all__ = ["bp", "note"]
