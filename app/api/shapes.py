"""How what programs send and get is described: from the forms of the pages, and from the columns of the records.

A field that a form gets, programs can send; a word of a record that a version keeps, programs can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, create_model
from pydantic import Field as Said
from sqlalchemy import JSON

from app.foundation.db import Hundredths, Instant
from app.foundation.forms import (
    AmountField,
    BooleanField,
    DataRequired,
    DayField,
    FieldList,
    FileField,
    InputRequired,
    IntegerField,
    MultipleFileField,
    PasswordField,
    SelectMultipleField,
)
from app.foundation.money import LARGEST_AMOUNT

OWN = frozenset({"form_key", "version", "csrf_token", "unwanted_files"})
"""Fields of a form that are the page's own business."""
OPENED = frozenset({"organisation", "language", "rank"})
"""Fields that stand in a form already when it is opened: what is not said is taken from there."""
NOT_IN_JSON = (FileField, MultipleFileField, PasswordField)
MOST_PICKED = 300
LONGEST_WORD = 20_000
MOST_PEOPLE = 10**9


def tidy_amount(text: str) -> str:
    """An amount without zeros that say nothing, so that the same amount is always written in the same way."""
    return format(Decimal(text).normalize(), "f")


Amount = Annotated[
    str,
    AfterValidator(tidy_amount),
    Said(pattern=r"^-?\d+(\.\d+)?$", examples=["12500.50"], description="An amount with its decimals, as text."),
]
"""How amounts are given: as text, since a JSON number has no exact decimals."""
TakenAmount = Annotated[Decimal, Said(ge=0, le=LARGEST_AMOUNT, allow_inf_nan=False)]


class Sent(BaseModel):
    """What programs send."""

    model_config = ConfigDict(extra="forbid")


class Given(BaseModel):
    """What programs get; a part that the reader may not see is absent."""

    model_config = ConfigDict(extra="forbid")


_MESSAGES: dict[tuple[str, str], Any] = {}


def message_of(shape: type[BaseModel], path: Sequence[Any]) -> Any:
    """What the form says where this field is missing, if it says anything."""
    here: Any = shape
    for part in path[:-1]:
        if isinstance(part, str) and here is not None:
            here = _ROWS.get((here.__name__, part))
    return _MESSAGES.get((here.__name__, str(path[-1]))) if here is not None and path else None


_ROWS: dict[tuple[str, str], type[BaseModel]] = {}


def taken_by(name: str, form: type[Any], *, leave_out: Iterable[str] = (), changes: bool = False, **more: Any) -> Any:
    """What a form takes, as the body of a request. With `changes` nothing is needed: what is not said stays as it is.

    `leave_out` names fields that the address says already, `more` further ones (as pydantic's create_model takes them).
    """
    fields: dict[str, Any] = {}
    for field, unbound in _fields_of(form):
        if field in OWN or field in leave_out or issubclass(unbound.field_class, NOT_IN_JSON):
            continue
        fields[field] = _described(name, field, unbound, changes=changes)
    return create_model(name, __base__=Sent, __doc__=(form.__doc__ or "").splitlines()[0], **fields, **more)


def _fields_of(form: type[Any]) -> Iterator[tuple[str, Any]]:
    found = {name: getattr(form, name) for name in dir(form) if not name.startswith("_")}
    unbound = [(name, field) for name, field in found.items() if hasattr(field, "_formfield")]
    return iter(sorted(unbound, key=lambda pair: pair[1].creation_counter))


def _described(name: str, field: str, unbound: Any, *, changes: bool) -> tuple[Any, Any]:
    arguments = [part for part in unbound.args if not hasattr(part, "field_class") and not isinstance(part, type)]
    label = str(unbound.kwargs.get("label") or (arguments[0] if arguments else "")) or None
    validators = list(unbound.kwargs.get("validators") or next((a for a in arguments if isinstance(a, list)), []))
    needed = next((one for one in validators if isinstance(one, DataRequired | InputRequired)), None)
    is_needed = needed is not None and "default" not in unbound.kwargs and field not in OPENED and not changes
    kind = _kind(name, field, unbound, validators, is_needed=is_needed)
    if needed is not None and needed.message:
        _MESSAGES[name, field] = needed.message
    if is_needed:
        return kind, Said(description=label)
    return kind | None, Said(default=None, description=label)


def _kind(name: str, field: str, unbound: Any, validators: Sequence[Any], *, is_needed: bool) -> Any:
    kind = unbound.field_class
    if issubclass(kind, FieldList):
        return _rows(name, field, unbound)
    if issubclass(kind, SelectMultipleField):
        word = Annotated[str, Said(max_length=100)]
        return Annotated[list[word], Said(min_length=int(is_needed), max_length=MOST_PICKED)]
    plain = ((BooleanField, bool), (DayField, date), (AmountField, TakenAmount))
    for known, described in plain:
        if issubclass(kind, known):
            return described
    if issubclass(kind, IntegerField):
        return Annotated[int, Said(ge=0, le=MOST_PEOPLE)]
    longest = next((one.longest for one in validators if hasattr(one, "longest")), LONGEST_WORD)
    return Annotated[str, Said(min_length=int(is_needed), max_length=longest)]


def _rows(name: str, field: str, unbound: Any) -> Any:
    row_form = unbound.args[0].args[0]
    row = taken_by(f"{name}{field.title().replace('_', '')}", row_form)
    _ROWS[name, field] = row
    most = unbound.kwargs.get("max_entries") or 100
    return Annotated[many(row), Said(max_length=most)]


def many(shape: Any) -> Any:
    """Several of a shape that was made from a form or a table."""
    return list[shape]


def given_of(name: str, model: type[Any], columns: Iterable[str], codes: Iterable[str] = (), **more: Any) -> Any:
    """What is shown of a record: these columns of its table, its lists of codes, and further fields."""
    fields: dict[str, Any] = {column: (_shown(model, column), None) for column in columns}
    fields |= {code: (list[str], []) for code in codes}
    return create_model(name, __base__=Given, __doc__=(model.__doc__ or "").splitlines()[0], **fields, **more)


def _shown(model: type[Any], column: str) -> Any:
    kept = model.__table__.c[column]
    if isinstance(kept.type, Hundredths):
        return Amount | None
    if isinstance(kept.type, JSON):
        return list[str]
    plain = datetime if isinstance(kept.type, Instant) else kept.type.python_type
    shown: Any = plain if plain in {bool, int, date, datetime} else str
    return shown | None if kept.nullable else shown


def shown_as(shape: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in their described shape, ready for JSON; what is not among them is absent."""
    known = {name: value for name, value in values.items() if name in shape.model_fields}
    return shape.model_validate(known).model_dump(mode="json", exclude_unset=True)
