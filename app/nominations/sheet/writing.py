"""The template that people fill in: as a workbook with lists to choose from, and as plain text for everybody else."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from app.foundation.languages import LANGUAGES, say
from app.foundation.messages import msg
from app.foundation.spreadsheets.sheets import BYTE_ORDER_MARK, csv_file, workbook
from app.nominations.names import sex_name
from app.nominations.rules import MOST_RANK, SEXES
from app.nominations.sheet.rules import EXAMPLE, HEADS, LANGUAGE, LINE, MOST_ROWS, MOTIVATION, NEEDED, RANK, SEX

WIDTHS: Mapping[str, int] = {
    "name": 28, "email": 34, "post": 26, "unit": 26, "sex": 12, "language": 14, "phone": 20, "motivation": 48,
    "rank": 8, "line": 48,
}  # fmt: skip
WITH_COMMA = frozenset({"en", "ar"})
"""In these languages spreadsheets part cells by commas, in the others by semicolons."""
LISTS = "lists"
EXAMPLE_SAYS = msg("This row is an example: it is not put forward.")


def heads_in(language: str) -> list[str]:
    """The heads of the columns, with a star where something has to stand."""
    return [say(head, language) + (" *" if column in NEEDED else "") for column, head in HEADS.items()]


def example_in(language: str) -> list[str]:
    """The row of the example."""
    words = dict(EXAMPLE) | {
        SEX: sex_name(EXAMPLE[SEX], language), LANGUAGE: LANGUAGES[language if language in LANGUAGES else "en"],
        MOTIVATION: say(EXAMPLE_SAYS, language),
    }  # fmt: skip
    return [words.get(column, "") for column in HEADS]


def template_csv(language: str) -> bytes:
    """The template as text."""
    comma = csv_file(heads_in(language), [example_in(language)])
    if language in WITH_COMMA:
        return comma
    # None of these cells holds a semicolon or a comma, so that the signs can change places.
    return BYTE_ORDER_MARK.encode() + comma.removeprefix(BYTE_ORDER_MARK.encode()).replace(b",", b";")


def template_xlsx(language: str, lines: Sequence[str]) -> bytes:
    """The template as a workbook: sexes, languages and the lines of one's own needs are chosen from lists."""
    target = io.BytesIO()
    book = workbook(target)
    sheet = book.add_worksheet(say(msg("Candidates"), language)[:31])
    if language == "ar":
        sheet.right_to_left()
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E3EFF0"})
    muted = book.add_format({"italic": True, "font_color": "#5B6770"})
    # Telephone numbers keep their zeros and their plus.
    text = book.add_format({"num_format": "@"})
    for place, column in enumerate(HEADS):
        sheet.set_column(place, place, WIDTHS[column], text if column != RANK else None)
    for place, (title, cell) in enumerate(zip(heads_in(language), example_in(language), strict=True)):
        sheet.write_string(0, place, title, head)
        sheet.write_string(1, place, cell, muted)
    _choices(book, sheet, language, lines)
    sheet.freeze_panes(1, 0)
    sheet.activate()
    book.close()
    return target.getvalue()


def _choices(book: Any, sheet: Any, language: str, lines: Sequence[str]) -> None:
    lists = book.add_worksheet(LISTS)
    lists.hide()
    options = {
        SEX: [sex_name(code, language) for code in SEXES],
        LANGUAGE: list(LANGUAGES.values()),
        LINE: list(lines),
    }
    for number, (column, words) in enumerate(options.items()):
        for row, word in enumerate(words):
            lists.write_string(row, number, word)
        if words:
            letter = "ABC"[number]
            source = f"={LISTS}!${letter}$1:${letter}${len(words)}"
            _validate(sheet, column, {"validate": "list", "source": source}, language)
    whole = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": MOST_RANK}
    _validate(sheet, RANK, whole, language)


def _validate(sheet: Any, column: str, rule: dict[str, Any], language: str) -> None:
    place = list(HEADS).index(column)
    said = msg("Write a whole number from 1 on.") if column == RANK else msg("Choose one of the list.")
    more = {"error_title": say(HEADS[column], language)[:32], "error_message": say(said, language)[:255]}
    sheet.data_validation(1, place, MOST_ROWS + 1, place, rule | more)
