"""Currencies whose parity to the euro is fixed by law: facts, kept here with their first day and their source."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from functools import cache

from app.reference.codelists import DATA
from app.reference.rates.rules import Rate, holds_on


@cache
def parities() -> dict[str, Rate]:
    """Every fixed parity by its currency."""
    with (DATA / "fixed_parities.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _parity(row) for row in csv.DictReader(file)}


def _parity(row: dict[str, str]) -> Rate:
    return Rate(Decimal(row["per_euro"]), date.fromisoformat(row["first_day"]), row["source"], is_fixed=True)


def parities_on(day: date) -> dict[str, Rate]:
    """The parities that hold on a day."""
    return {currency: parity for currency, parity in parities().items() if holds_on(parity, day)}
