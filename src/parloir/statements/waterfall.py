"""The waterfall: how stored weights add up to the weight of a lead. Geometry only; a template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parloir.statements.wording import LEAST_SHOWN, kind_in_words, signed_bits, tone
from parloir.weights.bits import SCALE

WIDTH, LABELS, VALUES = 760.0, 214.0, 74.0
ROW, BAR, TOP, BOTTOM = 30.0, 16.0, 30.0, 12.0
LONGEST_LABEL = 32
NOT_ITEMISED = "not itemised"
"""A bar for what the stored total holds beyond the stored findings, so that the drawing never claims more
than it shows; absent when the findings add up but for rounding."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row before it is drawn: a kind of evidence, or the total."""

    kind: str
    millibits: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One drawn row. `tone` is up, down, none, total or bounded; `joint` is where the next one starts."""

    label: str
    full_label: str
    value: str
    tone: str
    x: float
    width: float
    y: float
    joint: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the scale at `x`: `bits` below it, `words` above its band, empty where they do not fit."""

    x: float
    bits: str
    words: str
    words_x: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A drawing of `width` by `height` units."""

    width: float
    height: float
    zero: float
    floor: float
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    description: str


def waterfall(steps: Sequence[Step], total: int, bounded: int | None = None) -> Waterfall:
    """Lay out the bars.

    Args:
        steps: kinds of evidence in the order to be shown, dependence adjustment among them; millibits.
        total: the stored unbounded weight, millibits. A rest that the steps do not explain gets a bar.
        bounded: the stored bounded weight, or None where no bound applies.
    """
    rest = total - sum(step.millibits for step in steps)
    shown = [*steps, *([Step(NOT_ITEMISED, rest)] if abs(rest) >= LEAST_SHOWN else [])]
    sums = _running(shown)
    scale = _Scale.over([*sums, total, 0 if bounded is None else bounded])
    bars = [_bar(i, step, sums[i], scale) for i, step in enumerate(shown)]
    bars.append(_total(len(bars), "weight", "total", total, scale))
    if bounded is not None and bounded != total:
        bars.append(_total(len(bars), "stated in a report (bounded)", "bounded", bounded, scale))
    floor = TOP + ROW * len(bars)
    return Waterfall(
        WIDTH, floor + BOTTOM, scale.at(0), floor, tuple(bars), _marks(scale), _described(shown, total)
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    @classmethod
    def over(cls, values: Sequence[int]) -> _Scale:
        low, high = min(*values, 0), max(*values, 0)
        room = max((high - low) * 0.04, 250)
        return cls(low - room, high + room)

    def at(self, millibits: float) -> float:
        share = (millibits - self.low) / (self.high - self.low)
        return LABELS + share * (WIDTH - LABELS - VALUES)


def _running(steps: Sequence[Step]) -> list[int]:
    sums = [0]
    for step in steps:
        sums.append(sums[-1] + step.millibits)
    return sums


def _bar(index: int, step: Step, start: int, scale: _Scale) -> Bar:
    span = start, start + step.millibits
    return _drawn(index, kind_in_words(step.kind), tone(step.millibits), span, scale)


def _total(index: int, label: str, tone: str, millibits: int, scale: _Scale) -> Bar:
    return _drawn(index, label, tone, (0, millibits), scale)


def _drawn(index: int, label: str, tone: str, span: tuple[int, int], scale: _Scale) -> Bar:
    left, right = sorted(scale.at(value) for value in span)
    short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
    y = TOP + ROW * index + (ROW - BAR) / 2
    value = signed_bits(span[1] - span[0])
    return Bar(short, label, value, tone, left, max(right - left, 1.0), y, scale.at(span[1]))


def _marks(scale: _Scale) -> tuple[Mark, ...]:
    """The scale's thresholds that lie in the drawing, words where their band is wide enough."""
    ends = [1.0, *(end for end, _ in SCALE)]
    marks = []
    for (_, words), start, end in zip(SCALE, ends, ends[1:], strict=False):
        for sign in (1, -1):
            near, far = sign * start * 1000, sign * min(end, 1000.0) * 1000
            if scale.low < near < scale.high:
                left, right = sorted((scale.at(near), min(max(scale.at(far), LABELS), WIDTH - VALUES)))
                shown = words if right - left >= 6.2 * len(words) else ""
                marks.append(Mark(scale.at(near), _number(sign * start, scale), shown, (left + right) / 2))
    return tuple(sorted(marks, key=lambda mark: mark.x))


def _number(bits: float, scale: _Scale) -> str:
    """The threshold, empty where the number would run into the zero."""
    return f"{bits:g}".replace("-", "−") if abs(scale.at(bits * 1000) - scale.at(0)) >= 16 else ""


def _described(steps: Sequence[Step], total: int) -> str:
    parts = [f"{kind_in_words(step.kind)} {signed_bits(step.millibits)}" for step in steps]
    return f"Weights in bits: {'; '.join(parts) or 'none'}; together {signed_bits(total)}."
