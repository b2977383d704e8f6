"""What the words of the environment mean, one by one; a word that cannot be used is told with how to mend it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

UNENCRYPTED_WAYS = frozenset({"mail", "database", "scanner", "traces"})


class SettingsError(ValueError):
    """A setting is missing or cannot be used; the message says how to mend it."""


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


def is_sealed(database_url: str) -> bool:
    """Whether nobody on the way can read or pose as the database."""
    parts = urlsplit(database_url)
    if not parts.scheme.startswith("postgresql"):
        return True
    said = dict(parse_qsl(parts.query))
    # A host that begins with / is the folder of a socket on this machine.
    host = said.get("host", parts.hostname or "localhost")
    return host.startswith("/") or is_this_machine(host) or said.get("sslmode") == "verify-full"


def unencrypted(text: str) -> frozenset[str]:
    """The ways on which nothing need be encrypted. Raises SettingsError."""
    ways = frozenset(text.replace(",", " ").split())
    if not ways <= UNENCRYPTED_WAYS:
        raise SettingsError(f"COUNTERPART_UNENCRYPTED may name mail, database, scanner and traces, not {text!r}")
    return ways


def is_on(name: str, text: str, *, usual: bool = False) -> bool:
    """Whether something is switched on; `usual` where nothing is said. Raises SettingsError."""
    if text not in {"", "on", "off"}:
        raise SettingsError(f"{name} must be on or off, not {text!r}")
    return text == "on" if text else usual


def port_of(text: str) -> int:
    """A port. Raises SettingsError."""
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the highest TCP port
        raise SettingsError(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def number_of(name: str, text: str, most: int) -> int:
    """A whole number from 0 on. Raises SettingsError."""
    if not text.isdecimal() or int(text) > most:
        raise SettingsError(f"{name} must be a number from 0 to {most}, not {text!r}")
    return int(text)


def instant_of(text: str | None) -> datetime | None:
    """An instant in UTC, or none. Raises SettingsError."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"COUNTERPART_NOW must look like 2026-11-23T09:00:00, not {text!r}") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def database_url(text: str | None, data_dir: Path) -> str:
    """The address of a database as SQLAlchemy wants it; without one, a file in the data directory."""
    if not text:
        return f"sqlite:///{data_dir / 'counterpart.sqlite'}"
    # SQLAlchemy names the driver in the address; people and hosting platforms do not.
    for prefix in ("postgresql://", "postgres://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text.removeprefix(prefix)
    return text
