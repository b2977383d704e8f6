"""The secretariat's page of organisations that nobody answers for, where it names somebody who does."""

from __future__ import annotations

from typing import Any

from app.accounts.rules import ROLES
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import actor, reading, render, route
from app.upkeep.handing_over.queries import orphans as without_focal_point
from app.upkeep.shared import bp

LIST = surface("upkeep.orphans", "list", "need")


@route(bp, "/upkeep/without-focal-point", Permission.UPKEEP_KEEP, LIST)
def orphans() -> Any:
    """Verified organisations without a focal point: who could be one, and which needs wait."""
    with reading() as tx:
        found = without_focal_point(tx, actor())
        return render("upkeep/orphans.html", found=found, roles=ROLES)
