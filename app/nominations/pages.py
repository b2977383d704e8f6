"""All pages of this feature: whoever publishes them reads the modules that hold them."""

from app.nominations import answering, deciding, views
from app.nominations.amending import views as amending
from app.nominations.certificates import views as certificates
from app.nominations.evaluations import views as evaluations
from app.nominations.shared import bp
from app.nominations.sheet import exporting
from app.nominations.sheet import views as sheet

__all__ = ["amending", "answering", "bp", "certificates", "deciding", "evaluations", "exporting", "sheet", "views"]
