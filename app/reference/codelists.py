"""Code lists as facts: OECD DAC purpose codes, IATI lists, kinds of assistance, units, legal instruments.

The codes are those of the IATI 2.03 code lists and of the OECD DAC CRS purpose codes; the names are our own short ones.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "fr", "es", "pt", "ar")


@dataclass(frozen=True)
class Code:
    """One entry: `names` by ISO 639-1 language, everything else that the file says in `more`."""

    code: str
    names: dict[str, str]
    more: dict[str, str]

    def name(self, language: str) -> str:
        """The name in that language, in English where there is none."""
        return self.names.get(language) or self.names.get("en") or self.code


@cache
def codelist(name: str) -> dict[str, Code]:
    """One list by the name of its file, in the file's order.

    Raises:
        FileNotFoundError: there is no such list.
    """
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: _code(row) for row in rows}


def _code(row: dict[str, str]) -> Code:
    names = {language: row[f"name_{language}"] for language in LANGUAGES if row.get(f"name_{language}")}
    more = {key: value for key, value in row.items() if key != "code" and not key.startswith("name")}
    return Code(row["code"], names, more)


def code_name(list_name: str, code: str, language: str) -> str:
    """The name of a code, or the code itself if the list does not know it."""
    entry = codelist(list_name).get(code)
    return entry.name(language) if entry else code


def options(list_name: str, language: str) -> list[tuple[str, str]]:
    """(code, name) in that language, for a select; in the file's order."""
    return [(entry.code, entry.name(language)) for entry in codelist(list_name).values()]


def purpose_options(language: str, only: Collection[str] | None = None) -> list[tuple[str, str]]:
    """DAC purpose codes as "15132 Police", by code: all of them, or only those that are named."""
    known = codelist("purpose_codes")
    codes = sorted(known if only is None else known.keys() & set(only))
    return [(code, f"{code} {known[code].name(language)}") for code in codes]
