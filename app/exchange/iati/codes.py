"""The words and letters of IATI version 1, and the codes of version 2 that mean the same.

The lists are those of the IATI Standard (iatistandard.org, CC BY 4.0), versions 1.05 and 2.03.
Keys are lower case, with a hyphen for spaces, underscores and slashes; see :func:`lookup`.
"""

import re
from collections.abc import Mapping
from typing import Final

VERSIONS: Final = frozenset({"1.0", "1.00", "1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02", "2.03"})
"""The published versions; 1.0 and 1.00 are how early files wrote the first of them."""


def _with_codes(words: dict[str, str]) -> dict[str, str]:
    return words | {code: code for code in words.values()}


ROLES: Final = _with_codes({"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"})
"""IATI list OrganisationRole."""

ORGANISATION_TYPES: Final = _with_codes(
    {
        "government": "10",
        "local-government": "11",
        "other-public-sector": "15",
        "international-ngo": "21",
        "national-ngo": "22",
        "regional-ngo": "23",
        "partner-country-based-ngo": "24",
        "developing-country-based-ngo": "24",
        "public-private-partnership": "30",
        "multilateral": "40",
        "foundation": "60",
        "private-sector": "70",
        "private-sector-in-provider-country": "71",
        "private-sector-in-aid-recipient-country": "72",
        "private-sector-in-third-country": "73",
        "academic,-training-and-research": "80",
        "other": "90",
    }
)
"""IATI list OrganisationType."""

DATE_TYPES: Final = _with_codes({"start-planned": "1", "start-actual": "2", "end-planned": "3", "end-actual": "4"}) | {
    "planned-start": "1",
    "actual-start": "2",
    "planned-end": "3",
    "actual-end": "4",
}
"""IATI list ActivityDateType."""

STATUSES: Final = _with_codes(
    {
        "pipeline-identification": "1",
        "implementation": "2",
        "completion": "3",
        "post-completion": "4",
        "cancelled": "5",
        "suspended": "6",
    }
) | {"completed": "3", "finalisation": "3", "closed": "4"}
"""IATI list ActivityStatus; version 1 said completion and post-completion for 3 and 4."""

TRANSACTION_TYPES: Final = (
    _with_codes(
        {
            "incoming-funds": "1",
            "outgoing-commitment": "2",
            "disbursement": "3",
            "expenditure": "4",
            "interest-payment": "5",
            "loan-repayment": "6",
            "reimbursement": "7",
            "purchase-of-equity": "8",
            "sale-of-equity": "9",
            "credit-guarantee": "10",
            "incoming-commitment": "11",
            "outgoing-pledge": "12",
            "incoming-pledge": "13",
        }
    )
    | {"if": "1", "c": "2", "d": "3", "e": "4", "ir": "5", "lr": "6", "r": "7"}
    | {"qp": "8", "qs": "9", "cg": "10", "commitment": "2", "interest-repayment": "5"}
)
"""IATI list TransactionType; version 1 had letters."""

BUDGET_TYPES: Final = _with_codes({"original": "1", "revised": "2"})
"""IATI list BudgetType."""

RELATED_TYPES: Final = _with_codes({"parent": "1", "child": "2", "sibling": "3", "co-funded": "4", "third-party": "5"})
"""IATI list RelatedActivityType."""

SECTOR_VOCABULARIES: Final = {
    "dac": "1",
    "dac-5": "1",
    "dac-3": "2",
    "cofog": "3",
    "nace": "4",
    "ntee": "5",
    "adt": "6",
    "ro": "99",
    "ro2": "98",
}
"""IATI list SectorVocabulary: the words of version 1 and the codes of version 2."""

MARKER_VOCABULARIES: Final = {"dac": "1", "dac-crs": "1", "ro": "99"}
"""IATI list PolicyMarkerVocabulary: the words of version 1."""

LANGUAGES: Final = {
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "por": "pt",
    "deu": "de",
    "ger": "de",
    "nld": "nl",
    "dut": "nl",
    "ara": "ar",
    "rus": "ru",
    "zho": "zh",
    "chi": "zh",
}
"""ISO 639-2 codes of three letters that publishers write instead of ISO 639-1."""

_BETWEEN_WORDS = re.compile(r"[\s_/-]+")


def lookup(codes: Mapping[str, str], raw: str) -> str | None:
    """The version 2 code for a word, letter or code as published; None when it is on no list."""
    # The lists have their words in small letters with lines between them: what stands in one is as it has to be.
    return codes.get(raw) or codes.get(_BETWEEN_WORDS.sub("-", raw.strip().lower()))
