"""How the site's codes are named in each language, told once to whatever writes sentences."""

from __future__ import annotations

from functools import partial

from app.foundation.languages import day_name, language_name, register_namer
from app.reference.codelists import code_name
from app.reference.countries import country_name
from app.reference.groupings import grouping_name
from app.reference.themes import theme_name

LISTS = {
    "kind": "assistance_kinds",
    "unit": "units",
    "purpose": "purpose_codes",
    "instrument": "instruments",
    "evaluation_body": "evaluation_bodies",
    "aid_type": "aid_types",
    "finance_type": "finance_types",
    "flow_type": "flow_types",
    "activity_status": "activity_statuses",
    "organisation_type": "organisation_types",
    "organisation_role": "organisation_roles",
    "transaction_type": "transaction_types",
    "related_activity_type": "related_activity_types",
}


def register() -> None:
    """Make every code list speak."""
    register_namer("country", country_name)
    register_namer("grouping", grouping_name)
    register_namer("theme", theme_name)
    register_namer("language", language_name)
    register_namer("day", day_name)
    for kind, list_name in LISTS.items():
        register_namer(kind, partial(code_name, list_name))
