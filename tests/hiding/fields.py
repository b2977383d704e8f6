"""Fields kept for members, on records that everybody may read: two worlds that differ in such a value alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.factories import World
from tests.hiding.cases import CANARIES
from tests.hiding.compare import Count, _difference
from tests.hiding.oracle import may_see_field
from tests.hiding.stage import Stage

VALUES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "contact": ({"contact": "Mme Zibeline, +221 1"}, {"contact": "M. Wolframite, +221 2"}),
    "place": ({"place": "Quai 7"}, {"place": "Hangar 12"}),
    "baseline": (
        {"baseline": "Trois jours", "indicators": [{"baseline": "3"}]},
        {"baseline": "Neuf jours", "indicators": [{"baseline": "9"}]},
    ),
    "budget": (
        {
            "budget_amount": Decimal(1000),
            "currency": "EUR",
            "lines": [{"cost_amount": Decimal(700), "currency": "EUR"}],
        },
        {
            "budget_amount": Decimal(9000),
            "currency": "EUR",
            "lines": [{"cost_amount": Decimal(300), "currency": "EUR"}],
        },
    ),
}
LISTS = ("/needs", "/search?q=hafnium", "/", "/overview", "/countries/SN", "/search?q=zibeline", "/search?q=wolframite")


@dataclass(frozen=True)
class Pair:
    """One field, and the same record with one or the other value."""

    field: str
    values: tuple[dict[str, Any], dict[str, Any]]


def run_field(stage: Stage, random: Random, count: Count) -> None:
    """One field of one need; everybody who is no member asks in both worlds."""
    field = random.choice(list(VALUES))
    owner = random.choice(("state", "sibling"))
    blind = [reader for reader in stage.readers if not may_see_field(reader.places, stage.organisations[owner].id)]
    canary = random.choice(CANARIES)
    others = random.sample(LISTS, 2)
    seen: list[dict[tuple[str, str], Any]] = []
    for values in VALUES[field]:

        def make(world: World, values: dict[str, Any] = values) -> tuple[str, Any]:
            how = {"field_disclosure": {field: "members"}, "title": f"Hafnium {canary}", "ref": "N-ZZZZ-ZZZZ", **values}
            need = world.need(stage.own(world, owner), **how)
            for number, indicator in enumerate(need.indicators):
                indicator.ref = f"NI-ZZZZ-ZZZ{number + 2}"
            for number, line in enumerate(need.lines):
                line.ref = f"NL-ZZZZ-ZZZ{number + 2}"
            return "need", need

        with stage.with_record(make) as need:
            pages = [f"/needs/{need.ref}{rest}" for rest in ("", "/history", "/matches", "/pledge")]
            paths = [*pages, *others]
            seen.append({(reader.name, path): reader.ask(path) for reader in blind for path in paths})
    for (name, path), answer in seen[0].items():
        count.checks += 1
        count.by_surface["field " + field] += 1
        if answer != seen[1][name, path]:
            count.leaks.append(f"field {field}: {path} as {name}: {_difference(answer, seen[1][name, path])}")
    count.cases += len(blind)
    count.by_kind["field " + field] += len(blind)
