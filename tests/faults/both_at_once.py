"""Two officials accept two pledges at the same instant, of which there is room for one: what the ledger says then.

`python -m tests.faults.both_at_once PLEDGE PLEDGE [--careless]` is a web process on the database of DATABASE_URL.
"""

from __future__ import annotations

import json
import os
import sys
import threading

from app import create_app
from app.config import Settings
from tests.benchmarks.hammer import Tool
from tests.faults.careless import no_row_locks


def main(words: list[str]) -> int:
    """Send both forms at once, and print how each was answered."""
    refs = [word for word in words if word.startswith("G-")]
    no_row_locks(holds="--careless" not in words)
    app = create_app(Settings.from_environment(os.environ))
    officials = [Tool(app.test_client()) for _ in refs]
    forms = []
    for number, (official, ref) in enumerate(zip(officials, refs, strict=True)):
        official.sign_in(f"official{number}@example.org")
        forms.append(official.fields(f"/pledges/{ref}", "/accept"))
    begin, answers = threading.Barrier(len(refs)), {}

    def accept(official: Tool, ref: str, fields: dict[str, str]) -> None:
        begin.wait()
        answers[ref] = official.client.post(f"/pledges/{ref}/accept", data=fields).status_code

    threads = [threading.Thread(target=accept, args=one) for one in zip(officials, refs, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(answers))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
