"""Parameters of weighing, as they were fitted on worlds whose devices are known."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from parloir.errors import InputError
from parloir.presence.aggregates import Dwell
from parloir.presence.apart import Apart
from parloir.presence.kinds import names
from parloir.presence.plain import Floats, Sum, flat_sum


@dataclass(frozen=True)
class Parameters:
    """Everything a run of presence depends on besides its evidence; stored with the run.

    Attributes:
        plain: what levels weigh.
        dwell: the prefilter.
        least_probability: below, a handset reaches no finding: it is only counted.
        source: what the parameters were fitted on, in words.
    """

    plain: Sum
    dwell: Dwell = field(default_factory=Dwell)
    least_probability: float = 0.01
    source: str = "nothing"

    def to_json(self) -> str:
        """Canonical text: the same parameters give the same bytes."""
        value = {
            "tables": {
                name: {"inside": np.round(table[0], 6).tolist(), "others": np.round(table[1], 6).tolist()}
                for name, table in zip(names(), self.plain.tables, strict=True)
            },
            "heard": _weights(self.plain),
            "unheard": _weights(self.plain.unheard or self.plain),
            "dwell": {
                "least_records": self.dwell.least_records,
                "least_days": self.dwell.least_days,
                "offset_min": self.dwell.offset_min,
            },
            "least_probability": self.least_probability,
            "source": self.source,
            "apart": self.plain.apart.to_dict(),
        }
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Parameters:
        """Read what `to_json` wrote.

        Raises:
            InputError: it is something else.
        """
        try:
            value = json.loads(text)
            return cls(
                _sum(value),
                Dwell(**value["dwell"]),
                float(value["least_probability"]),
                str(value["source"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"these are no parameters of presence ({error})", do="give a file that `learn` wrote"
            ) from error


def _weights(fitted: Sum) -> dict[str, Any]:
    rows = zip(names(), fitted.levels, fitted.coefficients, strict=True)
    kinds = {name: {"bits": np.round(bits, 6).tolist(), "coefficient": share} for name, bits, share in rows}
    return {"kinds": kinds, "offset": fitted.offset}


def _sum(value: dict[str, Any]) -> Sum:
    rows = [value["tables"][name] for name in names()]
    tables = tuple(np.array([row["inside"], row["others"]]) for row in rows)
    apart = Apart(**{name: float(bits) for name, bits in value["apart"].items()})
    return replace(_of(tables, value["heard"]), unheard=_of(tables, value["unheard"]), apart=apart)


def _of(tables: tuple[Floats, ...], value: dict[str, Any]) -> Sum:
    rows = [value["kinds"][name] for name in names()]
    bits = tuple(np.array(row["bits"]) for row in rows)
    return Sum(tables, bits, tuple(float(row["coefficient"]) for row in rows), float(value["offset"]))


def expected() -> Parameters:
    """Before anything was fitted: nothing weighs anything."""
    return Parameters(flat_sum())


@cache
def default() -> Parameters:
    """The package's own parameters; `source` says what they were fitted on."""
    own = files("parloir.presence") / "data" / "parameters.json"
    return Parameters.from_json(own.read_text(encoding="utf-8")) if own.is_file() else expected()


def load(path: Path) -> Parameters:
    """Parameters from a file.

    Raises:
        InputError: the file cannot be read as parameters.
    """
    try:
        return Parameters.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "these parameters cannot be read", where=str(path), do="give a file that `learn` wrote"
        ) from error
