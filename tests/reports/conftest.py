"""A region with its desk, a State that asks, a donor that gives, and files read back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from docx import api
from pypdf import PdfReader

from app.organisations.models import Organisation


def text_of(pdf: bytes) -> str:
    """The words of a PDF, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def words_of_word(file: bytes) -> str:
    """The words of a Word file, tables included."""
    opened = api.Document(BytesIO(file))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def words_of_document(document: Any) -> str:
    """Every word of a report before it is written."""
    return repr(document)


@dataclass
class Region:
    """Who is there."""

    state: Organisation
    donor: Organisation
    desk: Organisation
    need: Any
    pledge: Any


@pytest.fixture
def region(world):
    state = world.organisation(country="SN", name="Ministère de la Justice", language="fr")
    donor = world.organisation("donor", name="Norwegian Agency")
    desk = world.organisation("regional", name="ECOWAS Commission", grouping="ECOWAS")
    need = world.need(state, title="Laboratoire de Dakar", countries=["SN"], themes=["asset_recovery"])
    line = need.lines[0]
    pledge = world.pledge(
        need, donor, status="pledged", accepted_at=world.now,
        lines=[{"need_line_id": line.id, "quantity": Decimal(1), "amount": Decimal(5000), "currency": "EUR"}],
    )  # fmt: skip
    world.programme(donor, title="Forensic support", countries=["SN"], themes=["asset_recovery"])
    return Region(state, donor, desk, need, pledge)


@pytest.fixture
def site(app):
    return app.extensions["counterpart"]
