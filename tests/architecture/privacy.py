"""The map of personal data as a page: `python -m tests.architecture.privacy` writes docs/privacy.md."""

from __future__ import annotations

from pathlib import Path

from app.accounts.privacy.data_map import PLACES, Place

PAGE = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"
# ruff: noqa: E501 - lines of a page are as long as its readers like them
HEAD = """# What is kept of people
Written by `make access` from `app/accounts/privacy/data_map.py`; a test keeps it true, and another one fails when a column that may be about a
person is not on it. The worker forgets what is too old once a day, and erases a closed account some minutes after its last mail has gone.

* **Taking along**: *Your account*, *What is kept of you*: everything but secrets, as JSON.
* **Erasure**: *Your account*, *Close your account*. Who is the only focal point hands over first. What was posted is the organisation's and stays.
* **Logs** name no person: paths without their query, references of faults. **Addresses of pages** carry references, never names or e-mail addresses.
* **Contacts** of focal points are shown to people of verified organisations, of at most a hundred organisations a day.

| table | what | columns | why | kept | at erasure |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole of docs/privacy.md."""
    return HEAD + "".join(_row(place) for place in PLACES)


def _row(place: Place) -> str:
    kept = f"{place.keep.days} days" if place.keep else "until erasure" if place.owner else "as the organisation says"
    end = f"{place.at_erasure}: {place.reason}" if place.reason else place.at_erasure
    return f"| {place.table} | {place.what} | {', '.join(place.columns)} | {place.why} | {kept} | {end} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
