"""A waterfall in the terminal: each kind of evidence moves the weight to the right or to the left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from parloir.cli.output import printable

_WIDTH = 36
_SMALL = 300
"""Findings below so many millibits, to either side, share a bar."""
_FEW = 3
"""So many of them at least."""
_PROPOSITIONS: Mapping[str, str] = {
    "held_by": "Regular user of the handset, against an unknown user of that prison",
    "inside": "Used in detention in this prison, against any other device in reach of its radio cells",
    "bought_for": "Bought for this inmate, against nobody in prison or another inmate",
    "same_person": "One person, against two",
}


def waterfall(findings: Sequence[Mapping[str, Any]]) -> Group:
    """Bars of findings, one proposition below the other, in the order given; each bar over its sentence.

    Args:
        findings: mappings with the columns proposition, subject, object, evidence_kind, millibits and
            sentence of `tables.findings`.
    """
    keys = dict.fromkeys(map(_about, findings))
    return Group(
        *(line for key in keys for line in _lines(key[0], [f for f in findings if _about(f) == key]))
    )


def _about(finding: Mapping[str, Any]) -> tuple[str, str, str]:
    """Weights add up within one proposition about one pair only: two orders are two propositions."""
    return finding["proposition"], finding["subject"], finding["object"]


def _lines(proposition: str, group: Sequence[Mapping[str, Any]]) -> Iterator[Text | Padding]:
    """One proposition: its bars, then its sum."""
    group, ends = _folded(group), [0.0]
    for finding in group:
        ends.append(ends[-1] + finding["millibits"] / 1000)
    low, high = min(ends), max(ends)
    scale = (_WIDTH - 1) / max(high - low, 1e-9)
    yield Text()
    yield Text(_PROPOSITIONS.get(proposition, proposition), style="bold")
    for start, end, finding in zip(ends[:-1], ends[1:], group, strict=True):
        name = finding["evidence_kind"].replace("_", " ")
        yield _line(end - start, _bar(start - low, end - low, scale), Text(name))
        yield Padding(Text(printable(finding["sentence"]), style="dim"), (0, 0, 0, 10))
    yield _line(ends[-1], _bar(-low, ends[-1] - low, scale), Text("together", style="bold"))


def _folded(group: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The findings that matter, and the small ones as one after them."""
    small = [finding for finding in group if abs(finding["millibits"]) < _SMALL]
    if len(small) < _FEW:
        return list(group)
    kinds = ", ".join(finding["evidence_kind"].replace("_", " ") for finding in small)
    told = f"Less than {_SMALL / 1000} bits each: {kinds}. --json has them."
    rest = {"evidence_kind": f"{len(small)} small ones", "sentence": told}
    shown = [finding for finding in group if abs(finding["millibits"]) >= _SMALL]
    return [*shown, {**rest, "millibits": sum(finding["millibits"] for finding in small)}]


def _line(bits: float, bar: Text, name: Text) -> Text:
    gap = " " * max(_WIDTH - bar.cell_len, 0)
    return Text.assemble((f"{bits:+8.2f}", "bold"), "  ", bar, gap, "  ", name, no_wrap=True)


def _bar(start: float, end: float, scale: float) -> Text:
    """A bar between two weights, blue to the right and orange to the left."""
    first, last = sorted((round(start * scale), round(end * scale)))
    style = "dodger_blue2" if end >= start else "dark_orange"
    return Text.assemble(" " * first, ("█" * max(last - first, 1), style))
