"""The pages of certificates: issuing them, fetching one, and the public page on which a code is checked."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from app.foundation.disclosure import NOTHING, surface
from app.foundation.limits import may_still
from app.foundation.permissions import Permission
from app.foundation.web import (
    abort,
    actor,
    found,
    gettext,
    now,
    reading,
    redirect,
    render,
    route,
    site,
    url_for,
)
from app.nominations.certificates.forms import CheckForm, IssueForm
from app.nominations.certificates.links import nomination_for
from app.nominations.certificates.paper import draw
from app.nominations.certificates.queries import by_code, waiting_in
from app.nominations.certificates.rules import tidy_code
from app.nominations.certificates.service import is_valid, issue
from app.nominations.certificates.words import sheet_of
from app.nominations.models import Nomination
from app.nominations.shared import LIST, PAGE, acted_once, bp, nomination_here, session_to_fill
from app.nominations.views import draw_session, moved

FILE = surface("certificate.file", "file", "nomination", "course")
CHECKS = "120 per hour"
"""So many codes may be looked at from one place: enough for whoever checks a pile, too few for whoever guesses."""


@route(bp, "/courses/<ref>/sessions/<session_ref>/certificates", Permission.NOMINATION_DECIDE, LIST, ("POST",))
def issue_certificates(ref: str, session_ref: str) -> Any:
    """Issue a certificate to everybody in a session who has earned one."""
    form, address = IssueForm(), url_for("nominations.of_session", ref=ref, session_ref=session_ref)
    return acted_once(
        form, lambda tx: session_to_fill(tx, ref, session_ref),
        lambda tx, session: issue(tx, actor(), waiting_in(tx, actor(), session.id), now()), address,
        gettext("The certificates are issued. Everybody gets theirs by mail."),
        lambda tx, session: draw_session(tx, session, 422),
    )  # fmt: skip


@route(bp, "/nominations/<ref>/certificate", Permission.NOMINATION_DECIDE, PAGE, ("POST",))
def issue_certificate(ref: str) -> Any:
    """Issue a certificate to one candidate."""
    return moved(
        ref, Permission.NOMINATION_DECIDE, IssueForm(), "issue_form",
        lambda tx, one: issue(tx, actor(), [one], now()),
        gettext("The certificate is issued, and goes out by mail."),
    )  # fmt: skip


@route(bp, "/nominations/<ref>/certificate.pdf", Permission.DESK_READ, FILE)
def certificate(ref: str) -> Any:
    """The certificate, for the centre and for whoever nominated."""
    with reading() as tx:
        one = nomination_here(tx, ref)
        found(one if is_valid(one) and one.forgotten_at is None else None)
        return _as_file(one)


@route(bp, "/certificate/<token>", Permission.PUBLIC_READ, NOTHING)
def own_certificate(token: str) -> Any:
    """The certificate, for the candidate, by the link of the mail."""
    with reading() as tx:
        one = nomination_for(tx, site().settings.secret_key, token)
        return render("nominations/link_gone.html", 410) if one is None else _as_file(one)


def _as_file(one: Nomination) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="certificate-{one.certificate_code}.pdf"'}
    return Response(draw(sheet_of(one, site().settings.public_url)), mimetype="application/pdf", headers=headers)


@route(bp, "/certificates", Permission.PUBLIC_READ, NOTHING, ("GET", "POST"))
def check_certificate() -> Any:
    """Where anybody types the code of a certificate that they were shown."""
    form = CheckForm()
    if not form.is_sound():
        return render("nominations/certificates/check.html", 422 if form.is_posted else 200, form=form, asked="")
    code = tidy_code(form.code.data or "")
    if code:
        return redirect(url_for("nominations.checked_certificate", code=code), code=303)
    return render("nominations/certificates/check.html", 404, form=form, asked=form.code.data)


@route(bp, "/certificates/<code>", Permission.PUBLIC_READ, NOTHING)
def checked_certificate(code: str) -> Any:
    """Whether the certificate with this code is good; nothing else leads here than the code itself."""
    tidy = tidy_code(code)
    if not may_still(CHECKS, f"certificate {tidy}"):
        abort(429)
    with reading() as tx:
        one = by_code(tx, tidy)
        if one is None:
            form = CheckForm(formdata=None, data={"code": code[:40]})
            return render("nominations/certificates/check.html", 404, form=form, asked=code[:40])
        answer = render(
            "nominations/certificates/checked.html", one=one, run=one.session, course=one.course, is_valid=is_valid(one)
        )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
