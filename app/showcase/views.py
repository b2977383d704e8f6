"""The living page of the parts; it exists where the site is built, not where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.foundation.permissions import Permission
from app.foundation.web import (
    NOTHING,
    abort,
    blueprint,
    current_language,
    gettext,
    render,
    request,
    route,
    site,
    url_for,
)
from app.reference.codelists import options
from app.reference.countries import country_options
from app.showcase import samples
from app.showcase.forms import EveryField

bp = blueprint("showcase")


@route(bp, "/components", Permission.PUBLIC_READ, surface=NOTHING)
def index() -> Any:
    """Every part in every state."""
    if site().settings.production:
        abort(404)
    language = current_language()
    return render(
        "showcase/index.html",
        empty=shown("empty"),
        filled=shown("filled", samples.FILLED),
        wrong=wrong(),
        off=shown("off", samples.FILLED),
        long=shown("long", samples.OVERSIZED),
        arabic=shown("arabic", samples.RIGHT_TO_LEFT),
        sample=samples.Samples(),
        few=samples.facet_options(options("assistance_kinds", language)[:5], ("training",)),
        many=samples.facet_options(country_options(language), ("SN", "CV")),
        active=active_filters(),
        page_address=lambda number: url_for("showcase.index", page=number),
    )


def shown(state: str, values: Mapping[str, Any] | None = None) -> EveryField:
    """The form with these values in it, its ids beginning with the state."""
    return EveryField(formdata=None, prefix=state, meta={"csrf": False}, data=values or {})


def wrong() -> EveryField:
    """The form as it comes back when hardly anything in it can be used."""
    typed = type(request.args)([(f"wrong-{name}", value) for name, value in samples.WRONG.items()])
    form = EveryField(formdata=typed, prefix="wrong", meta={"csrf": False})
    form.validate()
    return form


def active_filters() -> list[dict[str, str]]:
    """Two filters in use, as lists hand them to their tags."""
    here = url_for("showcase.index")
    return [
        {"label": gettext("Country"), "value": dict(country_options(current_language()))["SN"], "remove_url": here},
        {"label": gettext("Kind"), "value": options("assistance_kinds", current_language())[0][1], "remove_url": here},
    ]
