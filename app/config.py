"""What the site is told by its environment: read once, checked at the start, never changed afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.environment import (
    UNENCRYPTED_WAYS,
    SettingsError,
    database_url,
    instant_of,
    is_on,
    is_sealed,
    is_this_machine,
    number_of,
    port_of,
    scanner_place,
    unencrypted,
)

__all__ = [
    "DEMONSTRATION_SECRET",
    "FOR_OWNER_ALONE",
    "LONGEST_DRAIN",
    "MOST_PROXIES",
    "ROOT",
    "SEARCH_ENGINES",
    "SHORTEST_SECRET",
    "UNENCRYPTED_WAYS",
    "Settings",
    "SettingsError",
    "database_url",
    "is_this_machine",
    "scanner_place",
]

ROOT = Path(__file__).resolve().parent.parent
DEMONSTRATION_SECRET = "only-for-demonstrations-never-for-real-data"  # noqa: S105 - refused in production
SHORTEST_SECRET = 32
MOST_PROXIES = 5
LONGEST_DRAIN = 30
"""In seconds: whoever ends the site by force (systemd, a container's engine) has to wait longer than that."""
FOR_OWNER_ALONE = 0o077
"""The umask under which the site makes its database, files and notes: nobody else on the machine reads them."""
SEARCH_ENGINES = ("whoosh", "postgresql")
FILE_PLACES = ("folder", "database")


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another.

    `fixed_now` is in UTC. `data_dir` holds the database, uploaded files and, in development, mail.
    `audit_key` signs the heads of the audit's chains. `proxies` is how many proxies of one's own stand before the site:
    so many of the addresses that X-Forwarded-For names are believed. `unencrypted` names the ways to other machines on
    which nothing need be encrypted (UNENCRYPTED_WAYS): none, unless the operator says so. `semantic` switches on
    the extra of that name: matches then look at meaning too. `clamd_url` is where the
    scanner of files listens, if there is one. `search_engine` is where the index lies: in `search_dir`, or
    in PostgreSQL, where every host shares it. `files_in` is where files lie: in the folder
    `data_dir`, or in the database, of which the folder then has copies.
    `replica_url` leads to a standby from which lists are read; `is_pooled` says that PgBouncer stands before the
    database.
    `drain` is for how many seconds pages that are to stop still answer,
    while `/health/ready` says that they stop; `stopping_file` is there as soon as they are to stop.
    `backup_key` encrypts backups, where it is set.
    `request_log` writes one line for each request; whoever brings
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
    search_engine: str = "whoosh"
    files_in: str = "folder"
    replica_url: str | None = None
    is_pooled: bool = False
    drain: int = 0
    stopping_file: Path | None = None
    backup_key: str | None = None
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
        settings = cls(**_of_site(env, data_dir), **_of_stores(env, data_dir), **_of_running(env))
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
        self._check_search()
        self._check_files()
        self._check_copies()
        if self.metrics_token is not None:
            self._check_token(self.metrics_token)
        if self.traces_url is not None:
            self._check_traces(self.traces_url)
        if self.production:
            self._check_keys()
            self._check_ways()

    def _check_search(self) -> None:
        if self.search_engine not in SEARCH_ENGINES:
            raise SettingsError(f"SEARCH_ENGINE must be {' or '.join(SEARCH_ENGINES)}, not {self.search_engine!r}")
        if self.search_engine == "postgresql" and not self.database_url.startswith("postgresql"):
            raise SettingsError("SEARCH_ENGINE=postgresql needs a DATABASE_URL that leads to PostgreSQL")

    def _check_files(self) -> None:
        if self.files_in not in FILE_PLACES:
            raise SettingsError(f"COUNTERPART_FILES must be {' or '.join(FILE_PLACES)}, not {self.files_in!r}")
        if self.files_in == "database" and not self.database_url.startswith("postgresql"):
            raise SettingsError("COUNTERPART_FILES=database needs a DATABASE_URL that leads to PostgreSQL")

    def _check_copies(self) -> None:
        both = (self.database_url, self.replica_url or self.database_url)
        if self.replica_url and not all(url.startswith("postgresql") for url in both):
            raise SettingsError(
                "DATABASE_REPLICA_URL and DATABASE_URL must both lead to PostgreSQL: one copies the other"
            )
        if self.backup_key is not None and len(self.backup_key) < SHORTEST_SECRET:
            raise SettingsError(
                "COUNTERPART_BACKUP_KEY is too short. Set one of 32 characters or more, "
                f"for instance {secrets.token_urlsafe(32)}"
            )

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
        if "database" not in self.unencrypted and not all(
            map(is_sealed, filter(None, (self.database_url, self.replica_url)))
        ):
            raise SettingsError(
                "DATABASE_URL or DATABASE_REPLICA_URL leads to another machine without sslmode=verify-full: add it, or "
                "say with COUNTERPART_UNENCRYPTED=database that nobody can listen on the way"
            )
        self._check_scanner()

    def _check_scanner(self) -> None:
        place = scanner_place(self.clamd_url) if self.clamd_url else None
        if isinstance(place, tuple) and not is_this_machine(place[0]) and "scanner" not in self.unencrypted:
            raise SettingsError(
                "CLAMD_URL leads to another machine, and files go there as they are: use a socket of this one, or say "
                "with COUNTERPART_UNENCRYPTED=scanner that nobody can listen on the way"
            )


def _of_site(env: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    """Who the site is, and how it speaks with people."""
    port = port_of(env.get("PORT", "5000"))
    return {
        "data_dir": data_dir,
        "host": env.get("COUNTERPART_HOST", "127.0.0.1"),
        "port": port,
        "secret_key": env.get("SECRET_KEY", DEMONSTRATION_SECRET),
        "audit_key": env.get("AUDIT_KEY", DEMONSTRATION_SECRET),
        "public_url": env.get("PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        "smtp_url": env.get("SMTP_URL") or None,
        "fixed_now": instant_of(env.get("COUNTERPART_NOW")),
        "production": _is_production(env),
        "demonstration": env.get("COUNTERPART_DEMONSTRATION", "1") == "1",
        "rate_limits": env.get("COUNTERPART_RATE_LIMITS", "1") == "1",
        "proxies": number_of("COUNTERPART_PROXIES", env.get("COUNTERPART_PROXIES", "0"), MOST_PROXIES),
        "unencrypted": unencrypted(env.get("COUNTERPART_UNENCRYPTED", "")),
        "semantic": is_on("COUNTERPART_SEMANTIC", env.get("COUNTERPART_SEMANTIC", "")),
        "clamd_url": env.get("CLAMD_URL") or None,
    }


def _of_stores(env: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    """Where things are kept, and what encrypts the copies."""
    replica = env.get("DATABASE_REPLICA_URL")
    return {
        "database_url": database_url(env.get("DATABASE_URL"), data_dir),
        "replica_url": database_url(replica, data_dir) if replica else None,
        "is_pooled": is_on("COUNTERPART_PGBOUNCER", env.get("COUNTERPART_PGBOUNCER", "")),
        "search_dir": Path(env.get("SEARCH_DIR") or ROOT / "search_index" / "live").resolve(),
        "search_engine": env.get("SEARCH_ENGINE") or "whoosh",
        "files_in": env.get("COUNTERPART_FILES") or "folder",
        "shared_dir": Path(env.get("COUNTERPART_SHARED") or ROOT.parent / "shared" / "data"),
        "backup_key": env.get("COUNTERPART_BACKUP_KEY") or None,
    }


def _of_running(env: Mapping[str, str]) -> dict[str, Any]:
    """How it stops, and what it tells those who watch over it."""
    stopping = env.get("COUNTERPART_STOPPING_FILE")
    return {
        "drain": number_of("COUNTERPART_DRAIN", env.get("COUNTERPART_DRAIN", "0"), LONGEST_DRAIN),
        "stopping_file": Path(stopping) if stopping else None,
        "request_log": is_on(
            "COUNTERPART_REQUEST_LOG", env.get("COUNTERPART_REQUEST_LOG", ""), usual=_is_production(env)
        ),
        "metrics_token": env.get("COUNTERPART_METRICS_TOKEN") or None,
        "traces_url": env.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None,
    }


def _is_production(env: Mapping[str, str]) -> bool:
    return env.get("COUNTERPART_ENV", "development") == "production"
