"""One world with everything measured on it, as plain values that are kept beside the world."""

from __future__ import annotations

import json
import math
import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from parloir.trials.kept import WEIGHERS, WRITERS, fingerprint
from parloir.trials.weighed import Setting, World, build, score
from parloir.trials.world import anchors, by_class

Plain = Mapping[str, Any]
"""Scores by name, nested as the dataclasses are that they come from; `None` where there is no figure."""


def tried(setting: Setting, home: Path) -> Plain:
    """Everything measured on one world, now or before by the same code.

    Worlds lie in a folder that the code which writes them decides, scores in a file that all code decides.
    `spent` is the processor seconds of all that was not there already.
    """
    return kept(setting, home, everything())


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured on a world: its name, the code that it depends on, and how."""

    name: str
    rooms: tuple[str, ...]
    run: Callable[[World], Plain]


def everything() -> Measure:
    """All that the page of validation has."""
    return Measure("tried", (*WEIGHERS, "trials"), measure)


def kept(setting: Setting, home: Path, measure: Measure) -> Plain:
    """What one measure gives on one world, now or before by the same code."""
    file = place_of(setting, home, measure)
    if not file.exists():
        begun = _cpu()
        found = measure.run(build(setting, file.parent.parent))
        data = json.dumps({**found, "spent": _cpu() - begun})
        aside = file.with_suffix(".part")
        aside.write_text(data, encoding="utf-8")
        aside.rename(file)
    read: Plain = json.loads(file.read_text(encoding="utf-8"))
    return read


def place_of(setting: Setting, home: Path, measure: Measure) -> Path:
    """Where the scores are kept: beside the world, under a name that all code decides."""
    name = f"{measure.name}-{fingerprint((*WRITERS, *measure.rooms))}.json"
    return home / fingerprint(WRITERS) / setting.name / name


def measure(world: World) -> Plain:
    """The scores, and what the world is like."""
    scores = plain(score(world))
    connection = world.store.connect()
    inmates = int(world.truth.table("prison_cells")["inmates"].to_numpy().sum())
    return {
        **scores,
        "world": {
            "occupied": world.truth.occupied,
            "prisons": len(set(world.truth.table("prison_cells")["prison"].to_pylist())),
            "inmates": inmates,
            "handsets": len(world.truth.at_end),
            "find_rate": world.truth.find_rate,
            "days": world.truth.world["days"],
            "prevalence": len(world.truth.at_end) / max(inmates, 1),
        },
        "anchors": plain(anchors(world.truth, connection)),
        "classes": by_class(world.truth, connection),
    }


def _cpu() -> float:
    """Processor seconds of this process and of those it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def plain(value: Any) -> Any:
    """Dataclasses and arrays as dictionaries and lists; what is no number as None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value


def at(values: Plain, path: str) -> Any:
    """The figure at a path of names, `held.fused.cllr.value`; None where it is missing on the way."""
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
