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
from app.operation.tracing import TRACES, traces_of


def init_app(app: Any, site: Site, wakes: Mapping[type[Fact], tuple[str, ...]]) -> None:
    """Watch over the application, of which everything else is there; `wakes` says of which facts the index has to know.

    Raises:
        SettingsError: traces are wanted, and the extra for them is not installed.
    """
    wording.register()
    site.parts[INDEXED] = frozenset(fact.name for fact, names in wakes.items() if "index" in names)
    metrics = Metrics(kept_measure(site), lambda: site.clock.now(), Surroundings(site.files))  # noqa: PLW0108 - the site may be given another clock
    site.parts[METRICS] = metrics
    site.parts[TRACES] = traces = traces_of(site.settings)
    answering.init_app(app, answering.Answering(site.settings, metrics, traces))
