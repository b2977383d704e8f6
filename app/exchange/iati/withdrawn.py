"""Codes that lists of the standard no longer hold: they are kept as published, and whoever publishes them is told.

From the lists of the IATI Standard (iatistandard.org, CC BY 4.0), status "withdrawn", version 2.03; countries from
ISO 3166-3, codes of formerly used names.
"""

from __future__ import annotations

from typing import Final

COUNTRIES: Final = frozenset({"AN", "BU", "CS", "DD", "FX", "NT", "SU", "TP", "YU", "ZR"})
SECTORS: Final = frozenset({
    "11321", "11322", "15120", "15140", "15161", "15162", "15163", "15164", "23010", "23020", "23030", "23040", "23050",
    "23061", "23062", "23063", "23064", "23065", "23066", "23067", "23068", "23069", "23070", "23081", "23082", "41050",
    "74010", "92010", "92020", "92030",
})  # fmt: skip
"""OECD DAC purpose codes of five digits."""
CLASSES: Final = {
    "default-finance-type": frozenset({
        "111", "211", "410", "411", "412", "413", "414", "451", "452", "453", "511", "512", "710", "711", "712", "810",
        "811", "910", "911", "912", "913",
    }),
    "default-flow-type": frozenset({"20", "35"}),
}  # fmt: skip
