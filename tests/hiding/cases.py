"""Which record is hidden and what it says: drawn by chance from a seed, so that a leak can be seen again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from app.foundation.files import Attachment
from app.needs.models import Need
from tests.factories import World
from tests.hiding.oracle import Hidden
from tests.hiding.stage import WORDS, Stage

KINDS = ("need", "need", "programme", "course", "lesson", "output", "pledge", "draft", "application")
OWNERS = {
    "need": ("state", "sibling", "neighbour", "regional"), "draft": ("state", "sibling", "neighbour"),
    "programme": ("donor", "donor2", "regional"), "course": ("centre",), "lesson": ("state", "donor", "centre"),
    "output": ("centre", "donor2"), "pledge": ("donor", "donor2"), "application": ("",),
}  # fmt: skip
CANARIES = ("zibeline", "quetzalcoatl", "kumquatier", "xylophage", "wolframite", "jaborandi")
COUNTRIES, THEMES = ("SN", "ML", "CV", "GW", "PE"), ("asset_recovery", "judicial_process", "precursor_control")


@dataclass(frozen=True)
class Case:
    """One hidden record: how it is made, what the oracle has to know of it, and the words to look for it with."""

    kind: str
    tier: str
    canary: str
    make: Any
    hidden: Hidden


def draw(stage: Stage, random: Random, kinds: tuple[str, ...] = KINDS) -> Case:
    """A record that some reader may not see."""
    kind = random.choice(kinds)
    tier = random.choice(("members", "named", "own"))
    owner = random.choice(OWNERS[kind])
    canary = random.choice(CANARIES)
    title = " ".join([*random.sample(WORDS, 3), canary]).capitalize()
    how = {
        "title": title, "disclosure": tier, "themes": [random.choice(THEMES)], "countries": [random.choice(COUNTRIES)],
    }  # fmt: skip
    named = random.sample(["donor", "donor2", "centre", "neighbour"], 2) if tier == "named" else []
    organisations = stage.organisations
    if tier == "named":
        how["named"] = named
    ids = frozenset(organisations[name].id for name in named)
    if kind == "application":
        return Case(kind, "own", canary, _application(canary), Hidden(kind, 0, "own", is_posted=False))
    if kind == "pledge":
        return _pledge(stage, random, owner, how, ids, canary)
    hidden = Hidden(kind, organisations[owner].id, tier, ids, is_posted=kind != "draft")
    return Case(kind, tier, canary, _record(stage, kind, owner, how, random), hidden)


def _application(canary: str) -> Any:
    def make(world: World) -> tuple[str, Any]:
        how = {
            "name": f"Cellule {canary}",
            "email_domain": f"{canary}.example",
            "applicant_email": f"a@{canary}.example",
        }
        return "application", world.organisation(status="applied", **how)

    return make


def _record(stage: Stage, kind: str, owner: str, how: dict[str, Any], random: Random) -> Any:
    subject = random.choice(stage.records["need"] + stage.records["programme"])

    def make(world: World) -> tuple[str, Any]:
        values = dict(how)
        if kind == "draft":
            values |= {"is_published": False, "status": random.choice(("draft", "awaiting_gate")), "posted_at": None}
        if kind in {"lesson", "output"}:
            values |= {"subject_ref": subject.ref, "subject_kind": subject.record_kind}
        if kind == "course":
            values["sessions"] = [{}]
        name = "need" if kind == "draft" else kind
        if "named" in values:
            values["named"] = [stage.own(world, who) for who in values["named"]]
        record = getattr(world, name)(stage.own(world, owner), **values)
        if name == "need":
            _attach(world, record)
        return name, record

    return make


def _attach(world: World, need: Any) -> None:
    world.tx.add(
        Attachment(
            record_kind="need", record_ref=need.ref, organisation_id=need.organisation_id, name="plan.txt", size=1,
            sha256="0" * 64, uploaded_by=None, uploaded_at=world.now,
        )
    )  # fmt: skip
    world.tx.flush()


def _pledge(stage: Stage, random: Random, owner: str, how: dict[str, Any], named: frozenset[int], canary: str) -> Case:
    need = random.choice([need for need in stage.records["need"] if need.disclosure == "public"])
    tier = how["disclosure"]
    values = {"disclosure": tier, "status": random.choice(("interest", "pledged", "committed"))}
    values |= {"named": how["named"]} if "named" in how else {}
    quantity = random.randint(1, 9)

    def make(world: World) -> tuple[str, Any]:
        accepted = {"accepted_at": world.now} if values["status"] == "committed" else {}
        there = world.tx.get_one(Need, need.id)
        said = dict(values)
        if "named" in said:
            said["named"] = [stage.own(world, who) for who in said["named"]]
        line = {"need_line_id": there.lines[0].id, "quantity": Decimal(quantity)}
        return "pledge", world.pledge(there, stage.own(world, owner), lines=[line], **said, **accepted)

    hidden = Hidden("pledge", stage.organisations[owner].id, tier, named, recipient=need.organisation_id)
    return Case("pledge", tier, canary, make, hidden)
