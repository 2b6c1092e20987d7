"""The report of a linking: one page that needs no network and prints well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from parloir.documents.html import Page, render_html
from parloir.identities.explaining import Explanation, explain_pair
from parloir.identities.link_input import LinkInput
from parloir.identities.linking import Links
from parloir.identities.model import prior, usual_bits
from parloir.identities.quality import DECIDED, Quality
from parloir.identities.side_by_side import side_by_side
from parloir.weights.bits import percent

PAGE = Page("parloir.identities", "linking.html", "linking.css")
SHOWN = 40
"""Pairs explained in the report: those nearest to a decision, where a person's eye is worth most."""
BINS = 20
WATERFALL = 220
"""Width of a waterfall in pixels."""


def write_report(links: Links, sources: Sequence[LinkInput], quality: Quality | None) -> str:
    """The page as text.

    Args:
        links: what was found.
        sources: the two files, or the one that was linked with itself.
        quality: figures where there was a truth.
    """
    stated = links.pairs["probability"].to_numpy()
    nearest = np.argsort(np.abs(stated - DECIDED), kind="stable")[:SHOWN]
    values: dict[str, Any] = {
        "names": [source.name for source in sources],
        "taken": [_taken(source, roles) for source, roles in _told(links, sources)],
        "prior": f"{_log_odds(prior(links.model)):+.1f}",
        "told": links.diagnostics,
        "links": int((stated >= DECIDED).sum()),
        "bars": _histogram(stated),
        "fields": _fields(links),
        "pairs": [_pair(links, sources, int(row)) for row in sorted(nearest, key=lambda row: -stated[row])],
        "quality": asdict(quality) if quality else None,
    }
    return render_html(PAGE, values)


def _told(links: Links, sources: Sequence[LinkInput]) -> list[tuple[LinkInput, Mapping[str, Sequence[str]]]]:
    return list(zip(sources, links.diagnostics["roles"], strict=True))


def _taken(source: LinkInput, roles: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the columns of a file were taken for."""
    return {
        "file": source.name,
        "roles": [(role.replace("_", " "), ", ".join(columns)) for role, columns in roles.items()],
    }


def _log_odds(chance: float) -> float:
    return float(np.log2(chance / (1.0 - chance)))


def _pair(links: Links, sources: Sequence[LinkInput], row: int) -> dict[str, Any]:
    """One pair: both records as written, and why."""
    one = links.pairs.slice(row, 1).to_pylist()[0]
    shown = _shown(explain_pair(links, one["left_id"], one["right_id"]))
    rows = (one["left_row"], one["right_row"])
    return shown | {"fields": side_by_side(sources, links.diagnostics["roles"], rows)}


def _shown(explained: Explanation) -> dict[str, Any]:
    ends = np.cumsum([0.0, *(bar.bits for bar in explained.bars)])
    low, high = float(ends.min()), float(ends.max())
    scale = WATERFALL / max(high - low, 1.0)
    bars = [
        {
            "sentence": bar.sentence,
            "bits": f"{bar.bits:+.1f}",
            "x": (min(start, end) - low) * scale,
            "width": max(abs(end - start) * scale, 0.5),
            "speaks": "for" if bar.bits > 0 else "against",
        }
        for bar, start, end in zip(explained.bars, ends[:-1], ends[1:], strict=True)
    ]
    return {
        "left": explained.left_id,
        "right": explained.right_id,
        "bits": f"{explained.weight_bits:+.1f}",
        "probability": percent(explained.probability),
        "bars": bars,
    }


def _histogram(stated: Any) -> list[dict[str, Any]]:
    counts, edges = np.histogram(stated, bins=BINS, range=(0.0, 1.0))
    most = max(int(counts.max()), 1) if len(counts) else 1
    heights = np.ceil(100 * np.log1p(counts) / np.log1p(most)).astype(int)
    return [
        {"from": f"{edge:.2f}", "count": int(count), "height": int(height)}
        for edge, count, height in zip(edges, counts, heights, strict=False)
    ]


def _fields(links: Links) -> list[dict[str, Any]]:
    """Each level with how often one person's and two people's records show it, and its bits."""
    rows = []
    for comparison in links.comparisons:
        same, usual = links.model.same[comparison.name], usual_bits(links.model, comparison)
        for level, m, bits in zip(comparison.levels, same, usual, strict=True):
            rows.append(
                {
                    "words": level.words,
                    "same": f"{m:.4f}",
                    "others": f"{m / 2**bits:.6f}",
                    "bits": f"{bits:+.1f}",
                }
            )
    return rows
