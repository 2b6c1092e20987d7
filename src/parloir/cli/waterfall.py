"""A waterfall in the terminal: each kind of evidence moves the weight to the right or to the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

_WIDTH = 36


def waterfall(findings: Sequence[dict[str, Any]]) -> Table:
    """Bars of findings, one proposition after the other, in the order given.

    Args:
        findings: rows of `tables.findings`.
    """
    shown = Table(header_style="bold", expand=False, show_lines=False)
    shown.add_column("kind of evidence")
    shown.add_column("bits", justify="right")
    shown.add_column("waterfall", width=_WIDTH, no_wrap=True)
    shown.add_column("in words")
    for key in dict.fromkeys(map(_about, findings)):
        _add(shown, key[0], [finding for finding in findings if _about(finding) == key])
    return shown


def _about(finding: dict[str, Any]) -> tuple[str, str, str]:
    """Weights add up within one proposition about one pair only: two orders are two propositions."""
    return finding["proposition"], finding["subject"], finding["object"]


def _add(shown: Table, proposition: str, group: Sequence[dict[str, Any]]) -> None:
    """One proposition: its bars, then its sum."""
    ends = [0.0]
    for finding in group:
        ends.append(ends[-1] + finding["millibits"] / 1000)
    low, high = min(ends), max(ends)
    scale = (_WIDTH - 1) / max(high - low, 1e-9)
    for start, end, finding in zip(ends[:-1], ends[1:], group, strict=True):
        bar = _bar(start - low, end - low, scale)
        bits = finding["millibits"] / 1000
        shown.add_row(
            finding["evidence_kind"].replace("_", " "), f"{bits:+.2f}", bar, Text(finding["sentence"])
        )
    total = _bar(-low, ends[-1] - low, scale)
    words = {
        "held_by": "regular user, against an unknown user of that prison",
        "inside": "used in detention",
        "bought_for": "bought for this inmate, against nobody in prison or another inmate",
    }
    shown.add_row(
        Text("together", style="bold"),
        Text(f"{ends[-1]:+.2f}", style="bold"),
        total,
        Text(words.get(proposition, proposition), style="bold"),
        end_section=True,
    )


def _bar(start: float, end: float, scale: float) -> Text:
    """A bar between two weights, blue to the right and orange to the left."""
    first, last = sorted((round(start * scale), round(end * scale)))
    style = "dodger_blue2" if end >= start else "dark_orange"
    return Text(" " * first + "█" * max(last - first, 1), style=style)
