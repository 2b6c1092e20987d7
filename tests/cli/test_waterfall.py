"""The waterfall in the terminal."""

from __future__ import annotations

from rich.console import Console

from parloir.cli.waterfall import waterfall


def _shown(*millibits: int) -> str:
    findings = [
        {
            "proposition": "inside",
            "subject": "handset:1",
            "object": "prison:P1",
            "evidence_kind": f"kind_{number}",
            "millibits": weight,
            "sentence": f"Sentence {number}.",
        }
        for number, weight in enumerate(millibits)
    ]
    console = Console(width=100)
    with console.capture() as captured:
        console.print(waterfall(findings))
    return captured.get()


def test_small_findings_share_a_bar_and_the_sum_stays() -> None:
    shown = _shown(4000, 100, -200, 299, -3000)
    assert "3 small ones" in shown
    assert "kind 1, kind 2, kind 3" in shown
    assert "Sentence 2." not in shown
    assert "+0.20" in shown, "what they weigh together"
    assert "+1.20" in shown, "what all weigh together"


def test_two_small_findings_and_all_large_ones_are_shown_each() -> None:
    shown = _shown(4000, 100, -200, 300)
    assert "small ones" not in shown
    assert all(f"Sentence {number}." in shown for number in range(4))
