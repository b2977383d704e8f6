"""What the pages that keep records alive share: the address, and the way back with a word."""

from __future__ import annotations

from app.foundation.web import blueprint

bp = blueprint("upkeep")
