"""Where watching begins: the parts of one application that count, time and number its requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.operation import answering, wording
from app.operation.metrics import Metrics
from app.operation.standing import INDEXED, METRICS, kept_measure
from app.operation.surroundings import Surroundings


def init_app(app: Any, site: Site, wakes: Mapping[type[Fact], tuple[str, ...]]) -> None:
    """Watch over the application; `wakes` says which facts the index has to know of. Everything else is there."""
    wording.register()
    site.parts[INDEXED] = frozenset(fact.name for fact, names in wakes.items() if "index" in names)
    metrics = Metrics(kept_measure(site), lambda: site.clock.now(), Surroundings(site.settings.data_dir))  # noqa: PLW0108 - the site may be given another clock
    site.parts[METRICS] = metrics
    answering.init_app(app, answering.Answering(site.settings, metrics, None))
