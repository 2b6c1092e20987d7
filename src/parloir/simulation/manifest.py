"""What the evidence folder says about itself: from whom each file came and under which authority."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

AUTHORITY = "JIRS-2025-0417"


@dataclass(frozen=True, slots=True)
class Taken:
    """One evidence file, from whom it came, under which authority it is taken in, and its format where it
    must be told."""

    path: Path
    from_whom: str
    authority: str
    format: str = ""


_AUTHORITY_TEXT = f"""[[authority]]
reference = "{AUTHORITY}"
issuer = "Juridiction interrégionale spécialisée"
offence = "Remise illicite d'objets à détenus (fictif)"
purposes = ["identify customers", "locate handsets in detention"]
obtain_until = 2025-12-31
covers_from = 2023-01-01
covers_to = 2025-12-31
erase_by = 2028-12-31
"""


def write_manifest(evidence: Path, taken: list[Taken]) -> Path:
    """Write `manifest.toml` into the folder; files in order of path."""
    parts = ["# Simulated evidence: every person, number and shop in it is made up.\n", _AUTHORITY_TEXT]
    for item in sorted(taken, key=lambda t: t.path.as_posix()):
        lines = [
            "[[file]]",
            f'path = "{item.path.relative_to(evidence).as_posix()}"',
            f'from_whom = "{item.from_whom}"',
            f'authority = "{item.authority}"',
        ]
        parts.append("\n".join(lines + ([f'format = "{item.format}"'] if item.format else [])) + "\n")
    path = evidence / "manifest.toml"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path
