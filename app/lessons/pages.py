"""All pages of lessons: whoever publishes them reads the modules that hold them."""

from app.lessons import views
from app.lessons.library import files
from app.lessons.library import views as library
from app.lessons.renewal import views as renewal
from app.lessons.shared import bp
from app.lessons.standing import views as standing
from app.lessons.validating import views as validating

__all__ = ["bp", "files", "library", "renewal", "standing", "validating", "views"]
