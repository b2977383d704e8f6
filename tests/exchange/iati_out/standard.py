"""What the IATI standard asks of a file: the schema of 2.03, and its ruleset, as the files beside the repository say.

The ruleset's language is told in rulesets/SPEC.rst. Rules that ask for lists of the registry are left out, since those
lists are not here; what they would say are warnings.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.exchange.iati_out.rules import year_after

SHARED = Path(os.environ.get("COUNTERPART_SHARED") or Path(__file__).parents[4] / "shared" / "data")
STANDARD = SHARED / "standard"
SCHEMAS = {"iati-activities": "iati-activities-schema.xsd", "iati-organisations": "iati-organisations-schema.xsd"}


def need_standard() -> None:
    """Leave a test out where the standard is not beside the repository."""
    if not STANDARD.is_dir():
        pytest.skip("the schemas of the standard are not here")


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold, and where."""

    rule: str
    severity: str
    identifier: str
    what: str


@cache
def schema(root: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(STANDARD / SCHEMAS[root]))


def schema_errors(tree: etree._Element) -> list[str]:
    """What the schema says against a file."""
    found = schema(etree.QName(tree).localname)
    found.validate(tree.getroottree())
    return [f"{error.line}: {error.message}" for error in found.error_log]


@cache
def ruleset() -> dict[str, Any]:
    return json.loads((STANDARD / "rulesets" / "standard.json").read_text(encoding="utf-8"))


def findings(tree: etree._Element, today: date) -> list[Finding]:
    """Every rule that does not hold somewhere in a file."""
    return [
        found
        for context, rules in ruleset().items()
        for where in tree.xpath(context)
        for found in _broken(where, rules, today)
    ]


def errors(tree: etree._Element, today: date) -> list[Finding]:
    """Those of the findings that the standard calls errors."""
    return [each for each in findings(tree, today) if each.severity == "error"]


def _broken(where: etree._Element, rules: dict[str, Any], today: date) -> Iterator[Finding]:
    for name, body in rules.items():
        for case in body["cases"]:
            if name == "loop":
                for value in dict.fromkeys(map(str, where.xpath(case["foreach"]))):
                    yield from _broken(where, _filled(case["do"], case["subs"], value), today)
            elif "idCondition" not in case and not _holds(name, case, where, today):
                info = case["ruleInfo"]
                identifier = where.xpath("string(ancestor-or-self::iati-activity/iati-identifier)")
                yield Finding(info["id"], info["severity"], identifier, info["message"])


def _filled(rules: dict[str, Any], subs: list[str], value: str) -> dict[str, Any]:
    def fill(name: str, part: Any) -> Any:
        if name not in subs:
            return part
        return [text.replace("$1", value) for text in part] if isinstance(part, list) else part.replace("$1", value)

    return {
        rule: {"cases": [{name: fill(name, part) for name, part in case.items()} for case in body["cases"]]}
        for rule, body in rules.items()
    }


def _holds(name: str, case: dict[str, Any], where: etree._Element, today: date) -> bool:
    if "condition" in case and not where.xpath(f"boolean({case['condition']})"):
        return True
    return RULES[name](case, where, today)


def _found(case: dict[str, Any], where: etree._Element) -> list[Any]:
    return [each for path in case["paths"] for each in where.xpath(path)]


def _text(found: Any) -> str:
    return found if isinstance(found, str) else "".join(found.itertext())


def _texts(case: dict[str, Any], where: etree._Element) -> list[str]:
    return [_text(each) for each in _found(case, where)]


def _day(where: etree._Element, path: str, today: date) -> date | None:
    if path == "NOW":
        return today
    found = where.xpath(path)
    return date.fromisoformat(str(found[0])[:10]) if found else None


def _days(where: etree._Element, path: str, today: date) -> list[date]:
    return [today] if path == "NOW" else [date.fromisoformat(str(each)[:10]) for each in where.xpath(path)]


def _date_order(case: dict[str, Any], where: etree._Element, today: date) -> bool:
    return all(a <= b for a in _days(where, case["less"], today) for b in _days(where, case["more"], today))


def _time_limit(case: dict[str, Any], where: etree._Element, today: date) -> bool:
    start, end = _day(where, case["start"], today), _day(where, case["end"], today)
    return start is None or end is None or end <= year_after(start)


def _between(case: dict[str, Any], where: etree._Element, today: date) -> bool:
    start, end = _day(where, case["start"], today), _day(where, case["end"], today)
    return all(start <= day <= end for day in _days(where, case["date"], today) if start and end)


def _strict_sum(case: dict[str, Any], where: etree._Element, _today: date) -> bool:
    found = _texts(case, where)
    try:
        return not found or sum(map(Decimal, found), Decimal(0)) == Decimal(str(case["sum"]))
    except InvalidOperation:
        return False


def _one_or_all(case: dict[str, Any], where: etree._Element, _today: date) -> bool:
    if where.xpath(case["one"]):
        return True
    if case["all"] == "lang":
        return all(each.get("{http://www.w3.org/XML/1998/namespace}lang") for each in where.iter("narrative"))
    if case["all"] == "currency":
        return all(each.get("currency") for each in where.iter("value", "forecast", "loan-status"))
    return all(each.find("sector") is not None for each in where.iter("transaction"))


def _starts(case: dict[str, Any], where: etree._Element, _today: date) -> bool:
    begins = [str(each) + case.get("separator", "") for path in case["prefix"] for each in where.xpath(path)]
    return all(text.startswith(tuple(begins)) for text in _texts(case, where))


def _within(case: dict[str, Any], where: etree._Element, _today: date) -> bool:
    return all(case["min"] <= float(text) <= case["max"] for text in _texts(case, where))


def _if_then(case: dict[str, Any], where: etree._Element, _today: date) -> bool:
    return not where.xpath(f"boolean({case['if']})") or where.xpath(f"boolean({case['then']})")


def _date_now(case: dict[str, Any], where: etree._Element, today: date) -> bool:
    return all(day <= today for day in _days(where, case["date"], today))


RULES: dict[str, Callable[[dict[str, Any], etree._Element, date], bool]] = {
    "unique": lambda case, where, _today: len(set(_texts(case, where))) == len(_texts(case, where)),
    "atleast_one": lambda case, where, _today: bool(_found(case, where)),
    "no_more_than_one": lambda case, where, _today: len(_found(case, where)) <= 1,
    "no_spaces": lambda case, where, _today: all(text == text.strip() for text in _texts(case, where)),
    "regex_matches": lambda case, where, _today: all(re.search(case["regex"], text) for text in _texts(case, where)),
    "date_order": _date_order,
    "date_now": _date_now,
    "time_limit": _time_limit,
    "between_dates": _between,
    "strict_sum": _strict_sum,
    "one_or_all": _one_or_all,
    "startswith": _starts,
    "range": _within,
    "if_then": _if_then,
}
