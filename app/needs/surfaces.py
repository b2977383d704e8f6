"""The routes of needs, and the places where needs are shown."""

from __future__ import annotations

from app.foundation import disclosure
from app.foundation.web import blueprint

bp = blueprint("needs", "/needs")

LIST = disclosure.surface("need.list", "list", "need")
PAGE = disclosure.surface("need.page", "page", "need")
FORM = disclosure.surface("need.form", "page", "need")
COACH = disclosure.surface("need.coach", "panel", "need")
HISTORY = disclosure.surface("need.history", "page", "need")
FILE = disclosure.surface("need.file", "file", "need")
