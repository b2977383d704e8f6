"""The kinds of workbooks that there are, by the name in their address."""

from __future__ import annotations

from collections.abc import Mapping

from app.exchange.workbooks.kinds.deliveries import Deliveries
from app.exchange.workbooks.kinds.kind import Kind
from app.exchange.workbooks.kinds.needs import Needs
from app.exchange.workbooks.kinds.programmes import Programmes
from app.exchange.workbooks.kinds.sessions import Sessions

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (Needs(), Programmes(), Sessions(), Deliveries())}
