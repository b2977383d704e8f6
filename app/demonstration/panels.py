"""What helps those who look at the demonstration: invented people have no telephones, so a page shows their codes."""

from __future__ import annotations

import json

import pyotp

from app.accounts.queries import account_by_ref
from app.demonstration.people import ACCOUNTS_FILE
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part, site


def code_of_invented(_reader: Actor, account_ref: str) -> str:
    """Panel `second_step.hint`: the code that an invented person's app would show now; nothing for anybody else."""
    settings = site().settings
    file = settings.data_dir / ACCOUNTS_FILE
    if settings.production or not settings.demonstration or not file.exists():
        return ""
    with reading() as tx:
        account = account_by_ref(tx, account_ref)
    people = json.loads(file.read_text(encoding="utf-8"))
    secrets = [one["totp_secret"] for one in people if account is not None and one["email"] == account.email]
    if not secrets or not secrets[0]:
        return ""
    return render_part("accounts/_invented_code.html", code=pyotp.TOTP(secrets[0]).at(site().clock.wall()))
