"""A donor whose editor is signed in."""

from __future__ import annotations

import pytest


@pytest.fixture
def donor(world):
    return world.organisation("donor", name="Northland Aid")


@pytest.fixture
def editor(client, sign_in, world, donor):
    account = world.account(donor)
    sign_in(client, account)
    return account
