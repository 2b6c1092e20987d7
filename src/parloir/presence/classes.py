"""Classes of device, kinds of evidence and their levels, as `data/classes.toml` names them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from parloir.weights.components import BOTH

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
INSIDE = 0
"""Index of the class `inside`; all others are the alternative."""


@dataclass(frozen=True)
class Kind:
    """One kind of evidence.

    Attributes:
        name: key.
        title: for people.
        levels: names of its levels.
        expected: P(level | class) before any record, shape (classes, levels).
        parts: the single kinds of a joint table, in order; itself alone for a single kind.
    """

    name: str
    title: str
    levels: tuple[str, ...]
    expected: Floats
    parts: tuple[str, ...]

    @property
    def joint(self) -> bool:
        """Whether it is a joint table of linked kinds."""
        return len(self.parts) > 1


@dataclass(frozen=True)
class Classes:
    """Everything that stands in the file.

    Attributes:
        names: of the classes, `inside` first.
        shares: expected, shape (classes,).
        strength: pseudo-cases of each class in each table.
        concentration: how alike prisons are, in cases.
        singles: every single kind, by name.
        kinds: what is weighed: joint tables in place of their parts.
    """

    names: tuple[str, ...]
    shares: Floats
    strength: float
    concentration: float
    singles: Mapping[str, Kind]
    kinds: tuple[Kind, ...]

    def codes(self, single: Mapping[str, Codes]) -> Codes:
        """Codes (n, kinds) of what is weighed from codes (n,) of the single kinds."""
        return np.stack([self._code(kind, single) for kind in self.kinds], axis=1)

    def _code(self, kind: Kind, single: Mapping[str, Codes]) -> Codes:
        code = np.asarray(single[kind.parts[0]])
        unseen = code < 0
        for part in kind.parts[1:]:
            code = code * len(self.singles[part].levels) + single[part]
            unseen = unseen | (single[part] < 0)
        return np.where(unseen, -1, code)


@cache
def classes() -> Classes:
    """The package's own classes."""
    text = (files("parloir.presence") / "data" / "classes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    names = tuple(data["shares"])
    shares = np.array(list(data["shares"].values()), dtype=np.float64)
    singles = {
        name: Kind(name, kind["title"], tuple(kind["levels"]), _expected(kind, names, data["least"]), (name,))
        for name, kind in data["kinds"].items()
    }
    joints = {name: _joint(name, [singles[part] for part in parts]) for name, parts in data["joint"].items()}
    linked = {part for joint in joints.values() for part in joint.parts}
    alone = tuple(kind for name, kind in singles.items() if name not in linked)
    return Classes(
        names,
        shares / shares.sum(),
        data["strength"],
        data["concentration"],
        singles,
        (*joints.values(), *alone),
    )


def _expected(kind: Mapping[str, list[float]], names: tuple[str, ...], least: float) -> Floats:
    table = np.maximum(np.array([kind[name] for name in names], dtype=np.float64), least)
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


def _joint(name: str, parts: list[Kind]) -> Kind:
    levels, expected = parts[0].levels, parts[0].expected
    for part in parts[1:]:
        levels = tuple(f"{one}{BOTH}{other}" for one in levels for other in part.levels)
        expected = (expected[:, :, None] * part.expected[:, None, :]).reshape(len(expected), -1)
    title = ", ".join(part.title for part in parts)
    return Kind(name, title, levels, expected, tuple(part.name for part in parts))
