"""A whole file, written piece by piece: only a few records are held in memory, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from app.exchange.iati_out import queries
from app.exchange.iati_out.activity import Frame, activity_element
from app.exchange.iati_out.elements import NAMESPACES, VERSION, moment
from app.exchange.iati_out.of_pledges import told_of_need, told_of_pledge
from app.exchange.iati_out.of_programmes import told_of_programme
from app.exchange.iati_out.organisation import YearSums, organisation_element, told_of_organisation
from app.foundation.db import Tx
from app.organisations.models import Organisation

Pieces = Iterator[etree._Element]  # noqa: SLF001 - lxml has no public name for it
GENERATED = "generated-datetime"


@dataclass(frozen=True)
class Scope:
    """What a file is of: everything, one organisation, or one programme by its reference."""

    organisation_id: int | None = None
    programme_ref: str | None = None


def write_activities(tx: Tx, scope: Scope, target: BinaryIO, frame: Frame) -> int:
    """Write what anybody may see of the scope; how many activities that were. Nothing is written for none."""
    return _write("iati-activities", _activities(tx, scope, frame), target, frame)


def write_organisations(tx: Tx, organisations: Iterable[Organisation], target: BinaryIO, frame: Frame) -> int:
    """Write the organisation file of one or several; how many they were."""
    pieces = (organisation_element(told_of_organisation(one, _sums(tx, one)), frame) for one in organisations)
    return _write("iati-organisations", pieces, target, frame)


def _write(root: str, pieces: Iterable[etree._Element], target: BinaryIO, frame: Frame) -> int:
    waiting = iter(pieces)
    first = next(waiting, None)
    if first is None:
        # The standard knows no file without anything in it.
        return 0
    count = 0
    with etree.xmlfile(target, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(root, {"version": VERSION, GENERATED: moment(frame.now)}, nsmap=NAMESPACES):
            for piece in _with(first, waiting):
                file.write("\n", piece)
                count += 1
            file.write("\n")
    return count


def _with(first: etree._Element, rest: Pieces) -> Pieces:
    yield first
    yield from rest


def _activities(tx: Tx, scope: Scope, frame: Frame) -> Pieces:
    owner, ref = scope.organisation_id, scope.programme_ref
    number = None
    for programme, beside in queries.programmes(tx, owner, ref):
        number = programme.id
        yield activity_element(told_of_programme(programme, beside), frame)
    if ref is not None and number is None:
        return
    for seen in queries.pledges(tx, owner, number if ref is not None else None):
        yield activity_element(told_of_pledge(seen), frame)
    if ref is not None:
        return
    for need, pledges, changed_at in queries.needs(tx, owner):
        yield activity_element(told_of_need(need, pledges, changed_at), frame)


def _sums(tx: Tx, organisation: Organisation) -> YearSums:
    # When its details changed is between an organisation and those who verify it.
    sums = YearSums(organisation.created_at)
    for programme, beside in queries.programmes(tx, organisation.id):
        told = told_of_programme(programme, beside)
        sums.add(told.budgets, told.changed_at)
    return sums


Make = Callable[[BinaryIO], int]
"""Writes a file and says how many records are in it."""
