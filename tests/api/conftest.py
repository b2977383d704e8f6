"""Programs for tests: each with a token of somebody, and nothing else."""

from __future__ import annotations

import pytest

from app.api.service import TokenDraft, make_token


@pytest.fixture
def token_of(tx, world, now):
    """Makes a token for an account, as its page does."""

    def make(account, scope="write", days=30):
        return make_token(tx, world.actor(account), TokenDraft("our register", scope, days), now)[1]

    return make


@pytest.fixture
def program(app, token_of):
    """Makes a program that acts for an account: `ask = program(account); ask("POST", "/needs", json={...})`."""

    def make(account=None, scope="write"):
        client, own = app.test_client(), {}
        if account is not None:
            own = {"Authorization": f"Bearer {token_of(account, scope)}"}

        def ask(method, path, headers=None, **more):
            address = path if path.startswith("/api/") else f"/api/v1{path}"
            return client.open(address, method=method, csrf=False, headers={**own, **(headers or {})}, **more)

        return ask

    return make
