"""Mail leaves over a line that nobody can read, to the server that it is meant for, and to no other."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.notifications import mailer

OUTSIDE = "mail.counterpart.example"
"""A name that the code cannot take for this machine; the tests let it lead here all the same."""


class Sink:
    async def handle_DATA(self, _server, _session, _envelope):  # noqa: N802 - the server calls it by this name
        return "250 taken"


def make_certificate(folder, *names):
    """A certificate that vouches for itself, and its key, for these names or addresses; the two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    here = datetime.now(UTC)
    others = [x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names]
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(here - timedelta(days=1))
        .not_valid_after(here + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    kept, secret = folder / "certificate.pem", folder / "key.pem"
    kept.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return kept, secret


@contextmanager
def mail_server(certificate=None, *, at_once=False):
    """A mail server on this machine: without encryption, with STARTTLS, or encrypted from the first byte."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    how = {"ssl_context": context} if at_once else {"tls_context": context}
    if at_once:
        # The controller asks its own server whether it is there, and has to trust the certificate for that.
        controller = Quiet(Sink(), hostname="127.0.0.1", port=port, **how)
    else:
        controller = Controller(Sink(), hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Quiet(Controller):
    """A controller that does not call its own server when it starts."""

    def _trigger_server(self):
        with socket.create_connection((self.hostname, self.port), timeout=5):
            pass


@pytest.fixture
def leads_here(monkeypatch):
    """Let the name of the outside lead to this machine."""
    real = socket.getaddrinfo

    def ask(host, *rest, **kw):
        return real("127.0.0.1" if host == OUTSIDE else host, *rest, **kw)

    monkeypatch.setattr(socket, "getaddrinfo", ask)


@pytest.fixture
def trust(monkeypatch):
    """Make OpenSSL believe in one certificate, as an operator does with an authority of one's own."""
    return lambda certificate: monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


def is_encrypted(server):
    return isinstance(server.sock, ssl.SSLSocket)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, leads_here, at_once):
    certificate = make_certificate(tmp_path, OUTSIDE)
    with mail_server(certificate, at_once=at_once) as port, pytest.raises(ssl.SSLCertVerificationError):
        mailer.connect(f"{'smtps' if at_once else 'smtp'}://{OUTSIDE}:{port}")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_certificate_that_is_trusted_lets_mail_through(tmp_path, leads_here, trust, at_once):
    certificate = make_certificate(tmp_path, OUTSIDE)
    trust(certificate)
    with (
        mail_server(certificate, at_once=at_once) as port,
        mailer.connect(f"{'smtps' if at_once else 'smtp'}://{OUTSIDE}:{port}") as server,
    ):
        assert is_encrypted(server)
        assert server.sendmail("a@counterpart.example", ["b@counterpart.example"], "Subject: x\r\n\r\nx") == {}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_certificate_of_another_name_is_refused(tmp_path, leads_here, trust, at_once):
    certificate = make_certificate(tmp_path, "other.counterpart.example")
    trust(certificate)
    with (
        mail_server(certificate, at_once=at_once) as port,
        pytest.raises(ssl.SSLCertVerificationError, match="ostname mismatch"),
    ):
        mailer.connect(f"{'smtps' if at_once else 'smtp'}://{OUTSIDE}:{port}")


def test_a_server_elsewhere_that_offers_no_encryption_gets_no_mail(leads_here):
    with mail_server() as port, pytest.raises(smtplib.SMTPNotSupportedError):
        mailer.connect(f"smtp://{OUTSIDE}:{port}")


def test_only_who_says_so_sends_in_the_clear_to_another_machine(tmp_path, leads_here):
    with mail_server() as port, mailer.connect(f"smtp://{OUTSIDE}:{port}", may_be_plain=True) as server:
        assert not is_encrypted(server)
    # What the server offers is used even then, and its certificate has to be good.
    certificate = make_certificate(tmp_path, OUTSIDE)
    with mail_server(certificate) as port, pytest.raises(ssl.SSLCertVerificationError):
        mailer.connect(f"smtp://{OUTSIDE}:{port}", may_be_plain=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_on_this_machine_nothing_has_to_be_encrypted(host):
    with mail_server() as port, mailer.connect(f"smtp://{host}:{port}") as server:
        assert not is_encrypted(server)


def test_an_error_of_a_mail_is_told_without_the_address():
    error = smtplib.SMTPRecipientsRefused({"ann@ministry.example": (550, b"no ann@ministry.example here")})
    assert mailer.told_of(error) == {"error": "SMTPRecipientsRefused"}
    assert mailer.told_of(smtplib.SMTPDataError(451, "later")) == {"error": "SMTPDataError", "code": 451}
    assert mailer.told_of(ConnectionRefusedError(111, "refused")) == {"error": "ConnectionRefusedError", "code": 111}
