"""Which errors pass by themselves: a database that is busy or gone for a moment, a disk that is full or read-only.

Whoever wrote something may send it again as it stands; anything else is a fault of ours, and sending it again is vain.
"""

from __future__ import annotations

import errno
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

SQLITE = frozenset({5, 6, 7, 8, 10, 13, 14, 15})
"""Busy, locked, out of memory, read-only, error of the disk, full, cannot be opened, protocol of locks."""
POSTGRESQL = ("08", "53", "57P", "57014", "25006", "40001", "40P01", "55P03", "58030")
"""Beginnings of SQLSTATE: lost line, out of resources, going down, cancelled, read-only, deadlock, lock, disk."""
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENOMEM})


def is_passing(error: BaseException | None) -> bool:
    """Whether the same may well succeed in a moment, without anybody changing it."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _is_databases_own(error.orig)
    return isinstance(error, OSError) and error.errno in DISK


def _is_databases_own(cause: Any) -> bool:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        # The lower byte says what it is; the others say it more precisely.
        return code & 0xFF in SQLITE
    if not hasattr(cause, "sqlstate"):
        return False
    # Without a state it was not the server that answered: the line to it is gone.
    return (
        type(cause).__name__ == "OperationalError" if cause.sqlstate is None else cause.sqlstate.startswith(POSTGRESQL)
    )


def code_of(error: BaseException | None) -> str:
    """What the database or the disk calls the error: SQLITE_FULL, 57P01, ENOSPC; nothing where it is neither's."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError) and cause.errno is not None:
        return errno.errorcode.get(cause.errno, str(cause.errno))
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
