"""What the site is told by its environment: read once, checked at the start, never changed afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

ROOT = Path(__file__).resolve().parent.parent
DEMONSTRATION_SECRET = "only-for-demonstrations-never-for-real-data"  # noqa: S105 - refused in production
SHORTEST_SECRET = 32
FOR_OWNER_ALONE = 0o077
"""The umask under which the site makes its database, files and notes: nobody else on the machine reads them."""
UNENCRYPTED_WAYS = frozenset({"mail", "database", "scanner", "traces"})


class SettingsError(ValueError):
    """A setting is missing or cannot be used; the message says how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another.

    `fixed_now` is in UTC. `data_dir` holds the database, uploaded files and, in development, mail.
    `audit_key` signs the heads of the audit's chains. `proxies` is how many proxies of one's own stand before the site:
    so many of the addresses that X-Forwarded-For names are believed. `unencrypted` names the ways to other machines on
    which nothing need be encrypted (UNENCRYPTED_WAYS): none, unless the operator says so. `semantic` switches on
    the extra of that name: matches then look at meaning too. `clamd_url` is where the
    scanner of files listens, if there is one. `request_log` writes one line for each request; whoever brings
    `metrics_token` is given the figures of the site from another machine. `traces_url` is where a collector of
    OpenTelemetry listens (OTLP over HTTP), if there is one.
    """

    data_dir: Path
    host: str
    port: int
    secret_key: str
    database_url: str
    search_dir: Path
    public_url: str
    smtp_url: str | None
    fixed_now: datetime | None
    shared_dir: Path
    production: bool
    demonstration: bool
    audit_key: str = DEMONSTRATION_SECRET
    rate_limits: bool = True
    proxies: int = 0
    unencrypted: frozenset[str] = frozenset()
    semantic: bool = False
    clamd_url: str | None = None
    request_log: bool = False
    metrics_token: str | None = None
    traces_url: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: a value cannot be used, or production was started with a demonstration secret.
        """
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("COUNTERPART_DATA_DIR") or ROOT / "data").resolve()
        port = _port(env.get("PORT", "5000"))
        production = env.get("COUNTERPART_ENV", "development") == "production"
        settings = cls(
            data_dir=data_dir,
            host=env.get("COUNTERPART_HOST", "127.0.0.1"),
            port=port,
            secret_key=env.get("SECRET_KEY", DEMONSTRATION_SECRET),
            database_url=_database_url(env.get("DATABASE_URL"), data_dir),
            search_dir=Path(env.get("SEARCH_DIR") or ROOT / "search_index" / "live").resolve(),
            public_url=env.get("PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
            smtp_url=env.get("SMTP_URL") or None,
            fixed_now=_instant(env.get("COUNTERPART_NOW")),
            shared_dir=Path(env.get("COUNTERPART_SHARED") or ROOT.parent / "shared" / "data"),
            production=production,
            demonstration=env.get("COUNTERPART_DEMONSTRATION", "1") == "1",
            audit_key=env.get("AUDIT_KEY", DEMONSTRATION_SECRET),
            rate_limits=env.get("COUNTERPART_RATE_LIMITS", "1") == "1",
            proxies=_proxies(env.get("COUNTERPART_PROXIES", "0")),
            unencrypted=_unencrypted(env.get("COUNTERPART_UNENCRYPTED", "")),
            semantic=_is_on("COUNTERPART_SEMANTIC", env.get("COUNTERPART_SEMANTIC", "")),
            clamd_url=env.get("CLAMD_URL") or None,
            request_log=_is_on("COUNTERPART_REQUEST_LOG", env.get("COUNTERPART_REQUEST_LOG", ""), usual=production),
            metrics_token=env.get("COUNTERPART_METRICS_TOKEN") or None,
            traces_url=env.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None,
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse what would be unsafe or could not work.

        Raises:
            SettingsError: see the message.
        """
        parts = urlsplit(self.public_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise SettingsError("PUBLIC_URL must be a whole address such as https://counterpart.example")
        if self.clamd_url is not None:
            scanner_place(self.clamd_url)
        if self.metrics_token is not None:
            self._check_token(self.metrics_token)
        if self.traces_url is not None:
            self._check_traces(self.traces_url)
        if self.production:
            self._check_keys()
            self._check_ways()

    def _check_token(self, token: str) -> None:
        is_plain = token.isascii() and token.isprintable() and " " not in token
        if not is_plain or len(token) < SHORTEST_SECRET or token in {self.secret_key, self.audit_key}:
            raise SettingsError(
                "COUNTERPART_METRICS_TOKEN has to be a word of its own of 32 characters or more, without spaces and "
                f"accents, for instance {secrets.token_urlsafe(32)}"
            )

    def _check_traces(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SettingsError(
                f"OTEL_EXPORTER_OTLP_ENDPOINT must look like http://127.0.0.1:4318 (OTLP over HTTP), not {url!r}"
            )
        is_open = parts.scheme == "http" and not is_this_machine(parts.hostname)
        if self.production and is_open and "traces" not in self.unencrypted:
            raise SettingsError(
                "OTEL_EXPORTER_OTLP_ENDPOINT leads to another machine without encryption: begin it with https://, or "
                "say with COUNTERPART_UNENCRYPTED=traces that nobody can listen on the way"
            )

    def _check_keys(self) -> None:
        if self.secret_key == DEMONSTRATION_SECRET or len(self.secret_key) < SHORTEST_SECRET:
            raise SettingsError(
                "SECRET_KEY is missing, too short or the demonstration's. Set one of 32 characters or more, "
                f"for instance {secrets.token_urlsafe(32)}",
            )
        weak = self.audit_key in {DEMONSTRATION_SECRET, self.secret_key}
        if weak or len(self.audit_key) < SHORTEST_SECRET:
            raise SettingsError(
                "AUDIT_KEY is missing, too short, the demonstration's or SECRET_KEY again. Set one of its own "
                f"of 32 characters or more, for instance {secrets.token_urlsafe(32)}",
            )

    def _check_ways(self) -> None:
        parts = urlsplit(self.public_url)
        if parts.scheme == "http" and not is_this_machine(parts.hostname):
            raise SettingsError("PUBLIC_URL must begin with https:// in production: people sign in over it")
        if not self.rate_limits:
            raise SettingsError("COUNTERPART_RATE_LIMITS=0 is for trials on one machine and is refused in production")
        if self.fixed_now is not None:
            raise SettingsError("COUNTERPART_NOW fixes the clock and is refused in production: unset it")
        if self.smtp_url is None:
            raise SettingsError("SMTP_URL is missing: in production mail must leave, e.g. smtp://localhost:25")
        if "database" not in self.unencrypted and not _is_sealed(self.database_url):
            raise SettingsError(
                "DATABASE_URL leads to another machine without sslmode=verify-full: add it, or say with "
                "COUNTERPART_UNENCRYPTED=database that nobody can listen on the way"
            )
        self._check_scanner()

    def _check_scanner(self) -> None:
        place = scanner_place(self.clamd_url) if self.clamd_url else None
        if isinstance(place, tuple) and not is_this_machine(place[0]) and "scanner" not in self.unencrypted:
            raise SettingsError(
                "CLAMD_URL leads to another machine, and files go there as they are: use a socket of this one, or say "
                "with COUNTERPART_UNENCRYPTED=scanner that nobody can listen on the way"
            )


def is_this_machine(host: str | None) -> bool:
    """Whether what is sent to this host never leaves the machine; a name other than localhost is not believed."""
    if host is None or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def scanner_place(url: str) -> tuple[str, int] | Path:
    """Where the scanner of files listens: a host and a port, or a socket on this machine.

    Raises:
        SettingsError: the address is neither of the two.
    """
    parts = urlsplit(url)
    with suppress(ValueError):
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/"):
            return parts.hostname, parts.port
        if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
            return Path(parts.path)
    raise SettingsError(f"CLAMD_URL must look like tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl, not {url!r}")


def _is_sealed(database_url: str) -> bool:
    """Whether nobody on the way can read or pose as the database."""
    parts = urlsplit(database_url)
    if not parts.scheme.startswith("postgresql"):
        return True
    said = dict(parse_qsl(parts.query))
    # A host that begins with / is the folder of a socket on this machine.
    host = said.get("host", parts.hostname or "localhost")
    return host.startswith("/") or is_this_machine(host) or said.get("sslmode") == "verify-full"


def _unencrypted(text: str) -> frozenset[str]:
    ways = frozenset(text.replace(",", " ").split())
    if not ways <= UNENCRYPTED_WAYS:
        raise SettingsError(f"COUNTERPART_UNENCRYPTED may name mail, database, scanner and traces, not {text!r}")
    return ways


def _is_on(name: str, text: str, *, usual: bool = False) -> bool:
    if text not in {"", "on", "off"}:
        raise SettingsError(f"{name} must be on or off, not {text!r}")
    return text == "on" if text else usual


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the highest TCP port
        raise SettingsError(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _proxies(text: str) -> int:
    most = 5
    if not text.isdecimal() or int(text) > most:
        raise SettingsError(f"COUNTERPART_PROXIES must be a number from 0 to {most}, not {text!r}")
    return int(text)


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"COUNTERPART_NOW must look like 2026-11-23T09:00:00, not {text!r}") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _database_url(text: str | None, data_dir: Path) -> str:
    if not text:
        return f"sqlite:///{data_dir / 'counterpart.sqlite'}"
    # SQLAlchemy names the driver in the address; people and hosting platforms do not.
    for prefix in ("postgresql://", "postgres://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text.removeprefix(prefix)
    return text
