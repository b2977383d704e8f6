"""Whom a token speaks for: the person, the organisations and the roles of this moment."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field as Said

from app.accounts.queries import account_by_id
from app.api.answers import Answer
from app.api.operations import reads
from app.api.queries import find_token
from app.api.shapes import Given
from app.foundation.db import Tx
from app.foundation.permissions import Permission
from app.foundation.web import NOTHING, actor, caller, found


class PlaceGiven(Given):
    """One organisation that the person acts for, with the rights of this moment."""

    ref: str
    name: str
    kind: str
    status: str
    role: str


class TokenGiven(Given):
    """The token that was used."""

    name: str
    scope: str
    expires_at: datetime


class MeGiven(Given):
    """The person whom the token speaks for."""

    ref: str
    name: str
    language: str
    organisations: list[PlaceGiven]
    lacks_second_step: bool = Said(description="A role gives fewer rights until a second step is set up.")
    token: TokenGiven


@reads("/me", Permission.ACCOUNT_MANAGE, NOTHING, MeGiven, "Whom the token speaks for")
def me(tx: Tx) -> Answer:
    """Who one is here."""
    account = found(account_by_id(tx, actor().account_id))
    token = found(find_token(tx, actor(), caller().removeprefix("token ")))
    places = [
        {"ref": m.organisation_ref, "name": m.organisation_name, "kind": m.organisation_kind,
         "status": m.organisation_status, "role": m.role}
        for m in actor().memberships
    ]  # fmt: skip
    values = {
        "ref": account.ref, "name": account.name, "language": account.language, "organisations": places,
        "lacks_second_step": actor().lacks_second_step,
        "token": {"name": token.name, "scope": token.scope, "expires_at": token.expires_at},
    }  # fmt: skip
    return Answer(MeGiven.model_validate(values).model_dump(mode="json"))
