"""The size comparison: outlines drawn to scale from the published dimensions, beside a lighter.

One unit of the drawing is one millimetre, and the drawing says its own size in millimetres: printed at
100 % the outlines are life-size. Outlines are to scale; what is inside them is a sketch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from parloir.catalogue.entries import Thing, things
from parloir.catalogue.model import Model

MARGIN, GAP, SCALE_BAR = 6.0, 9.0, 10.0
BELOW = 27.0
"""Millimetres under the ground line: captions, scale bar, margin."""
NOTE = 128.0
"""Millimetres that the note beside the scale bar needs."""
SIDE_GAP = 3.0
LEAST_SLOT = 34.0
"""Millimetres: room for a caption under a narrow phone."""


@dataclass(frozen=True, slots=True)
class _Shape:
    title: str
    height: float
    width: float
    depth: float | None
    face: str

    @property
    def across(self) -> float:
        return self.width + (SIDE_GAP + self.depth if self.depth else 0)

    @property
    def slot(self) -> float:
        return max(self.across, LEAST_SLOT)

    @property
    def size(self) -> str:
        return " × ".join(f"{side:g}" for side in (self.height, self.width, self.depth) if side) + " mm"


def size_comparison(models: Iterable[Model], beside: Iterable[str] = ("lighter",)) -> str:
    """An SVG of the models beside everyday things, from the front and from the side.

    Args:
        models: those without published dimensions are left out; nothing is drawn from a guess.
        beside: keys of `things()`.

    Returns:
        One `<svg>` element, self-contained; colours follow the text colour around it.
    """
    shapes = _shapes(models, beside)
    width, height = _extent(shapes)
    parts, left = [], MARGIN
    for shape in shapes:
        parts.append(_drawn(shape, left, height - BELOW))
        left += shape.slot + GAP
    parts.append(_scale_bar(MARGIN, height - MARGIN))
    names = ", ".join(shape.title for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" fill="none" stroke="currentColor" '
        f'stroke-width="0.35" font-family="system-ui, sans-serif" font-size="3.1">'
        f"<title>Size comparison, to scale: {escape(names)}</title>{''.join(parts)}</svg>"
    )


def comparison_width(models: Iterable[Model], beside: Iterable[str] = ("lighter",)) -> float:
    """Width in millimetres of the drawing that `size_comparison` makes of the same."""
    return _extent(_shapes(models, beside))[0]


def _shapes(models: Iterable[Model], beside: Iterable[str]) -> list[_Shape]:
    drawn = [_of_thing(key, things()[key]) for key in beside]
    return drawn + [_of_model(model) for model in models if model.dimensions_mm]


def _extent(shapes: Sequence[_Shape]) -> tuple[float, float]:
    wide = sum(shape.slot for shape in shapes) + GAP * max(len(shapes) - 1, 0)
    return max(wide, NOTE) + 2 * MARGIN, max((shape.height for shape in shapes), default=0.0) + MARGIN + BELOW


def _of_thing(key: str, thing: Thing) -> _Shape:
    return _Shape(thing.title, *thing.dimensions_mm, face=key)


def _of_model(model: Model) -> _Shape:
    height, width, *depth = model.dimensions_mm or (0.0, 0.0)
    return _Shape(model.title, height, width, depth[0] if depth else None, face="phone")


def _drawn(shape: _Shape, left: float, ground: float) -> str:
    start = left + (shape.slot - shape.across) / 2
    top = ground - shape.height
    parts = [_body(start, top, shape.width, shape.height, min(3.5, shape.width / 5))]
    parts += _face(shape, start, top)
    if shape.depth:
        side = start + shape.width + SIDE_GAP
        parts.append(_body(side, top, shape.depth, shape.height, min(2.0, shape.depth / 4)))
    middle = left + shape.slot / 2
    parts.append(_text(middle, ground + 5, shape.title))
    parts.append(_text(middle, ground + 9.5, shape.size, size=2.7))
    return "<g>" + "".join(parts) + "</g>"


def _body(x: float, y: float, width: float, height: float, radius: float) -> str:
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" rx="{radius:.2f}" '
        f'fill="currentColor" fill-opacity="0.06"/>'
    )


def _face(shape: _Shape, left: float, top: float) -> list[str]:
    match shape.face:
        case "phone":
            return _phone_face(shape, left, top)
        case "lighter":
            return _lighter_face(shape, left, top)
        case _:
            return []


def _lighter_face(shape: _Shape, left: float, top: float) -> list[str]:
    """Hood, wheel and thumb-piece: a sketch."""
    hood, wheel = top + shape.height * 0.2, shape.width * 0.16
    line = f'<path d="M{left:.2f} {hood:.2f}h{shape.width:.2f}" opacity="0.55"/>'
    circle = (
        f'<circle cx="{left + shape.width * 0.68:.2f}" cy="{top + shape.height * 0.08:.2f}" r="{wheel:.2f}"'
    )
    return [line, circle + ' opacity="0.55"/>']


def _phone_face(shape: _Shape, left: float, top: float) -> list[str]:
    """Screen and twelve keys, a sketch that makes the outline readable as a phone."""
    pad = shape.width * 0.12
    screen = f'<rect x="{left + pad:.2f}" y="{top + shape.height * 0.12:.2f}" '
    screen += (
        f'width="{shape.width - 2 * pad:.2f}" height="{shape.height * 0.3:.2f}" rx="0.8" opacity="0.55"/>'
    )
    step_x, step_y = (shape.width - 2 * pad) / 3, shape.height * 0.1
    keys = [
        f'<rect x="{left + pad + column * step_x + step_x * 0.14:.2f}" '
        f'y="{top + shape.height * 0.52 + row * step_y:.2f}" width="{step_x * 0.72:.2f}" '
        f'height="{step_y * 0.6:.2f}" rx="0.6" opacity="0.45" stroke-width="0.25"/>'
        for row in range(4)
        for column in range(3)
    ]
    return [screen, *keys]


def _scale_bar(x: float, y: float) -> str:
    ends = f"M{x:g} {y - 1:g}v2M{x:g} {y:g}h{SCALE_BAR:g}M{x + SCALE_BAR:g} {y - 1:g}v2"
    note = "10 mm. Outlines to scale, life-size when printed at 100 %; what is inside them is a sketch."
    return f'<path d="{ends}"/>' + _text(x + SCALE_BAR + 2, y + 1, note, anchor="start", size=2.7)


def _text(x: float, y: float, text: str, *, anchor: str = "middle", size: float = 3.1) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" font-size="{size}" stroke="none" '
        f'fill="currentColor">{escape(text)}</text>'
    )
