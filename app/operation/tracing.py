"""Traces, where somebody has set up a collector for them: placeholder until the last step."""

from __future__ import annotations

from typing import Any


class Traces:
    """Begins and ends the span of a request."""

    def begin(self, environ: dict[str, Any], method: str) -> None: ...
    def name(self, environ: dict[str, Any], route: str, method: str, status: int, request: str) -> None: ...
    def end(self, environ: dict[str, Any]) -> None: ...
