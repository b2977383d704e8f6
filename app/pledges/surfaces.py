"""Where pledges reach people, and the blueprint on which their pages hang."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.web import blueprint

bp = blueprint("pledges")
FORM = surface("pledge.form", "page", "need", "pledge", "programme", "lesson")
PAGE = surface("pledge.page", "page", "pledge", "need", "programme")
FILE = surface("pledge.file", "file", "pledge")
