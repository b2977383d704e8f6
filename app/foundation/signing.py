"""Everything that the site signs – cookies, form tokens, links of mails – is signed with HMAC over SHA-256."""

from __future__ import annotations

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import Signer

from app.foundation.web import is_from_client


class SignedCookies(SecureCookieSessionInterface):
    """The cookie of the sign-in, whose signature is SHA-1 in the library unless one says otherwise."""

    digest_method = staticmethod(hashlib.sha256)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """A program is given no cookie."""
        return not is_from_client() and super().should_set_cookie(app, session)


def init_app(app: Flask) -> None:
    """Let the libraries sign so. The second line reaches the form tokens, whose library takes no setting for it."""
    app.session_interface = SignedCookies()
    Signer.default_digest_method = staticmethod(hashlib.sha256)
