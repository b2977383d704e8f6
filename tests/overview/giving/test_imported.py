"""A programme and its parts, as files tell them, make one sum and not two."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.exchange.iati.importer import import_files
from app.foundation.permissions import ANONYMOUS
from app.overview.giving.queries import givings, ties_of
from app.overview.giving.reckoning import reckon
from app.reference.rates.rules import RateTable

TODAY = date(2026, 11, 23)


def activity(identifier: str, amount: int, related: str = "") -> str:
    return f"""<iati-activity xml:lang="en"><iati-identifier>{identifier}</iati-identifier>
      <reporting-org ref="XX-1" type="10"><narrative>Northland Aid</narrative></reporting-org>
      <title><narrative>Prison reform {identifier}</narrative></title><activity-status code="2"/>
      <activity-date type="1" iso-date="2026-01-01"/><activity-date type="3" iso-date="2027-12-31"/>
      <recipient-country code="GH"/>{related}<budget><period-start iso-date="2026-01-01"/>
      <period-end iso-date="2026-12-31"/><value currency="EUR" value-date="2026-01-01">{amount}</value></budget>
      </iati-activity>"""


def kin(kind: int, identifier: str) -> str:
    return f'<related-activity type="{kind}" ref="{identifier}"/>'


@pytest.mark.parametrize(
    ("of_parent", "of_child"), [("", kin(1, "XX-1-A")), (kin(2, "XX-1-B"), ""), (kin(2, "XX-1-B"), kin(1, "XX-1-A"))]
)
def test_a_child_is_not_added_to_its_parent(tx, world, app, tmp_path, of_parent, of_child):
    donor = world.organisation("donor", country="NO", name="Northland Aid", iati_identifier="XX-1")
    alone = activity("XX-1-C", 50)
    file = tmp_path / "all.xml"
    parts = [activity("XX-1-A", 1000, of_parent), activity("XX-1-B", 400, of_child), alone]
    file.write_text(f'<iati-activities version="2.03">{"".join(parts)}</iati-activities>')
    import_files(app.extensions["counterpart"].database, donor.ref, [file], world.now)
    found = givings(tx, ANONYMOUS, TODAY)
    assert sorted(money.amount for one in found for money in one.money) == [50, 400, 1000]
    reckoned = reckon(found, ties_of(tx, ANONYMOUS, [one.key for one in found]), RateTable(TODAY, {}), "EUR")
    assert sum(reckoned.reported.values()) == Decimal(1450)
    assert sum(reckoned.counted.values()) == Decimal(1050)
    assert [(one.money.amount, one.why) for one in reckoned.set_aside] == [(400, "child")]
