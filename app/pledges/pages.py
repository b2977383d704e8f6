"""All pages of pledges, so that whoever publishes the blueprint has them all."""

from __future__ import annotations

from app.pledges import answers, posting, views
from app.pledges.portfolio import views as portfolio
from app.pledges.surfaces import bp

__all__ = ["answers", "bp", "portfolio", "posting", "views"]
