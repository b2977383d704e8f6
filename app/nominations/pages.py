"""All pages of this feature: whoever publishes them reads the modules that hold them."""

from app.nominations import answering, deciding, views
from app.nominations.shared import bp

__all__ = ["answering", "bp", "deciding", "views"]
