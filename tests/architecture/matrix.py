"""Who may do what, route by route and kind of person by kind of person: the table of docs/access.md.

`python -m tests.architecture.matrix` writes it anew; a test fails while the page says something else than the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from flask import Flask

from app.foundation.permissions import ANONYMOUS, POLICIES, Actor, Membership, Permission, allowed
from app.foundation.web import GUARDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OWN, OTHER = 1, 2
UNGUARDED = frozenset({"static"})


@dataclass(frozen=True)
class Kind:
    """A kind of person: of an organisation of that kind and status, in that role; without one: not signed in."""

    name: str
    organisation: str = ""
    role: str = ""
    status: str = "verified"

    def actor(self) -> Actor:
        """Such a person, whose organisation has the number OWN."""
        if not self.organisation:
            return ANONYMOUS
        place = Membership(OWN, "O-OWN", "Own", self.organisation, self.status, self.role)
        return Actor(account_id=1, memberships=() if self.status == "suspended" else (place,))


KINDS = (
    Kind("anybody"),
    Kind("State, not yet verified", "state", "focal_point", "applied"),
    Kind("State, suspended", "state", "focal_point", "suspended"),
    Kind("State, member", "state", "member"),
    Kind("State, editor", "state", "editor"),
    Kind("State, focal point", "state", "focal_point"),
    Kind("donor, editor", "donor", "editor"),
    Kind("donor, focal point", "donor", "focal_point"),
    Kind("centre, editor", "centre", "editor"),
    Kind("regional, editor", "regional", "editor"),
    Kind("NGO, editor", "ngo", "editor"),
    Kind("secretariat, member", "secretariat", "member"),
    Kind("secretariat, editor", "secretariat", "editor"),
)


def record_of(organisation_id: int) -> SimpleNamespace:
    """A record that belongs to that organisation, made against a need of the same."""
    return SimpleNamespace(organisation_id=organisation_id, need_organisation_id=organisation_id)


def answer(kind: Kind, permission: Permission) -> str:
    """`yes`: with everybody's records; `own`: with those of the own organisation alone; empty: never."""
    actor = kind.actor()
    if allowed(actor, permission, NOW, record_of(OTHER)):
        return "yes"
    own = allowed(actor, permission, NOW, record_of(OWN)) or allowed(actor, permission, NOW)
    return "own" if own else ""


def ways_in_words(permission: Permission) -> str:
    """The policy as it stands in the code: alternatives of questions that all have to be answered with yes."""
    return " or ".join(" and ".join(f"`{ask.__name__}`" for ask in way) for way in POLICIES[permission])


def page(app: Flask) -> str:
    """The whole of docs/access.md."""
    names = [kind.name for kind in KINDS]
    lines = [
        "# Who may do what",
        "",
        "Written by `make access` from the policies and the routes; a test keeps it true, another one walks every",
        "route as every kind of person. What a person may see of the records themselves is disclosure, not permission.",
        "",
        "## Permissions",
        "`yes`: with anybody's record. `own`: with those of the own organisation, or where there is no record yet.",
        "",
        _row(["permission", *names]),
        _row(["---"] * (len(names) + 1)),
        *(_row([f"`{p.value}`", *(answer(kind, p) for kind in KINDS)]) for p in Permission),
        "",
        "## What each permission asks",
        _row(["permission", "it is given if"]),
        _row(["---", "---"]),
        *(_row([f"`{p.value}`", ways_in_words(p)]) for p in Permission),
        "",
        "## Routes",
        "`fresh`: whoever sends something there has proved within the last half hour who it is.",
        "",
        _row(["address", "methods", "permission", "surface", "proof"]),
        _row(["---"] * 5),
        *(_row(cells) for cells in sorted(_routes(app))),
        "",
    ]
    return "\n".join(lines)


def _routes(app: Flask) -> list[list[str]]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in UNGUARDED]
    return [
        [
            f"`{rule.rule}`",
            ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            f"`{GUARDS[rule.endpoint].permission.value}`",
            GUARDS[rule.endpoint].surface,
            "fresh" if GUARDS[rule.endpoint].proof else "",
        ]
        for rule in rules
    ]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the page."""
    from app import create_app

    PAGE.write_text(page(create_app()), encoding="utf-8")


if __name__ == "__main__":
    main()
