"""A running site and a browser for what is tried in one."""

from __future__ import annotations

from tests.running import browser, common, running, somebody

__all__ = ["browser", "common", "running", "somebody"]
