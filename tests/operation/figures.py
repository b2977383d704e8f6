"""What a monitor reads from the page of figures."""

from __future__ import annotations


def figures_of(text):
    """What /metrics says, by name and labels."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}
