"""Every module with tables, so that migrations and tests see them all."""

from app.accounts import models as accounts
from app.api import models as api
from app.closing import models as closing
from app.conversations.clarifications import models as clarifications
from app.conversations.messages import models as messages
from app.coordination import models as coordination
from app.courses import models as courses
from app.exchange.intake import models as file_imports
from app.exchange.workbooks import models as workbooks
from app.foundation import audit, disclosure, drafts, limit_counts, outbox
from app.foundation.db import Base
from app.foundation.filing import files
from app.foundation.filing import store as file_store
from app.foundation.wording import versions
from app.jobs import models as jobs
from app.lessons import models as lessons
from app.lessons.standing import models as lesson_ties
from app.matching import models as matching
from app.matching.advice import models as advice
from app.matching.feedback import models as match_feedback
from app.matching.overlaps import models as overlaps
from app.matching.relations import models as relations
from app.matching.semantic import models as semantic
from app.needs import models as needs
from app.needs.limits import models as limits
from app.nominations import models as nominations
from app.nominations.evaluations import models as evaluations
from app.nominations.sponsors import models as sponsors
from app.notifications import models as notifications
from app.notifications.following import models as following
from app.notifications.overlaps import models as told_overlaps
from app.organisations import models as organisations
from app.pledges import models as pledges
from app.programmes import models as programmes
from app.reference.rates import models as rates
from app.reports import models as reports
from app.search import models as search
from app.upkeep.asking import models as askings
from app.upkeep.clocks import models as clocks

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "accounts",
    "advice",
    "api",
    "askings",
    "audit",
    "clarifications",
    "clocks",
    "closing",
    "coordination",
    "courses",
    "disclosure",
    "drafts",
    "evaluations",
    "file_imports",
    "file_store",
    "files",
    "following",
    "jobs",
    "lesson_ties",
    "lessons",
    "limit_counts",
    "limits",
    "match_feedback",
    "matching",
    "messages",
    "needs",
    "nominations",
    "notifications",
    "organisations",
    "outbox",
    "overlaps",
    "pledges",
    "programmes",
    "rates",
    "relations",
    "reports",
    "search",
    "semantic",
    "sponsors",
    "told_overlaps",
    "versions",
    "workbooks",
]
