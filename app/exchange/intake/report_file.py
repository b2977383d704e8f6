"""What was wrong in the files of an import, as a table to take along."""

from __future__ import annotations

from collections.abc import Callable

from app.exchange.intake.fields import problem_in_words
from app.exchange.intake.models import FileImport
from app.exchange.intake.queries import all_problems
from app.exchange.intake.rules import SEVERITIES
from app.foundation.audit.exports import note_export
from app.foundation.db import Tx
from app.foundation.languages import say
from app.foundation.spreadsheets.sheets import csv_file
from app.foundation.web import Response, actor, current_language, gettext, now, site


def problems_file(find: Callable[[Tx], FileImport]) -> Response:
    """The table as comma-separated values; `find` stops with a 404 where the person may not see the import."""
    language = current_language()
    with site().database.transaction() as tx:
        made = find(tx)
        rows = [
            [one.file, one.line, one.element, one.identifier, say(SEVERITIES[one.severity], language),
             problem_in_words(one.said, language)]
            for one in tx.scalars(all_problems(made))
        ]  # fmt: skip
        note_export(tx, actor(), "import problems", len(rows), now())
        name = made.ref
    head = [
        gettext("File"), gettext("Line"), gettext("Element"), gettext("Identifier"), gettext("How much is lost"),
        gettext("What is wrong"),
    ]  # fmt: skip
    answer = Response(csv_file(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
