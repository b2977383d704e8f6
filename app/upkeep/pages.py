"""The addresses of everything that keeps records alive."""

from app.upkeep.asking import views as asking
from app.upkeep.clocks import views as clocks
from app.upkeep.handing_over import views as handing_over
from app.upkeep.response import views as response
from app.upkeep.shared import bp

__all__ = ["asking", "bp", "clocks", "handing_over", "response"]
