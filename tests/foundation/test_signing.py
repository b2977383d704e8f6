"""What the site signs is signed with SHA-256, and what was signed otherwise opens nothing."""

from __future__ import annotations

import hashlib

import pytest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from app.accounts import queries
from app.accounts.links import service as links

SHA_1 = {"digest_method": hashlib.sha1}
SHA_256 = {"digest_method": hashlib.sha256}


def test_the_cookie_is_signed_with_sha_256(app):
    serializer = app.session_interface.get_signing_serializer(app)
    signed = serializer.dumps({"word": "x"})
    other = SecureCookieSessionInterface().get_signing_serializer(app)
    with pytest.raises(BadSignature):
        other.loads(signed)
    with pytest.raises(BadSignature):
        serializer.loads(other.dumps({"word": "x"}))


def test_form_tokens_are_signed_with_sha_256(app, client):
    client.get("/sign-in")
    token = client.form("/sign-in", form_id=None)["csrf_token"][0]
    salt = "wtf-csrf-token"
    assert URLSafeTimedSerializer(app.secret_key, salt=salt, signer_kwargs=SHA_256).loads(token)
    with pytest.raises(BadSignature):
        URLSafeTimedSerializer(app.secret_key, salt=salt, signer_kwargs=SHA_1).loads(token)


@pytest.mark.parametrize(
    ("signer", "kind", "salt"),
    [
        (links._signer, URLSafeSerializer, "counterpart.confirmation"),
        (queries._signer, URLSafeTimedSerializer, "counterpart.invitation"),
    ],
)
def test_links_of_mails_are_signed_with_sha_256(app, signer, kind, salt):
    signed = signer("k" * 32).dumps(["reset", "AC-2222-2222"])
    assert kind("k" * 32, salt=salt, signer_kwargs=SHA_256).loads(signed) == ["reset", "AC-2222-2222"]
    with pytest.raises(BadSignature):
        signer("k" * 32).loads(kind("k" * 32, salt=salt, signer_kwargs=SHA_1).dumps("x"))
