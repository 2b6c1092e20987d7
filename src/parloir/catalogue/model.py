"""A device model: what is published about it, each fact with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

FACTS = {
    "dimensions": "height x width x depth",
    "weight": "weight",
    "sim_slots": "SIM slots",
    "bands": "frequency bands",
    "chipset": "chipset",
    "battery": "battery",
    "talk_time": "talk time",
    "memory_card": "takes a memory card",
    "camera": "camera",
    "phonebook": "phone book",
    "sms": "sends text messages",
    "sms_store": "text messages kept",
    "voice_changer": "voice changer",
    "price": "price",
    "tac": "type allocation code",
    "walk_through_metal_detector": "walk-through metal detector",
}
"""Every fact that the catalogue may hold, with its title; what is not published stays empty."""

DETECTION = ("walk_through_metal_detector",)
"""The facts that tell what finds a handset."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One published value, as its source writes it.

    Attributes:
        name: a key of `FACTS`.
        value: as published; a price may be a range ("12-25").
        unit: of the value, empty when it has none.
        source: who says so.
    """

    name: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True)
class Model:
    """One model, or one brand where the sources name no model.

    Attributes:
        key: stable name, "l8star-bm10".
        brand: maker as sold.
        name: model name; empty for an entry that stands for a brand.
        mini: known as a mini phone. False says only that the sources do not call it one.
        spellings: how shops write it, words in lower case; the longest that fits names the model.
        facts: what is published, in the order of the data file. One fact may have several sources.
    """

    key: str
    brand: str
    name: str
    mini: bool
    spellings: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def title(self) -> str:
        """For people: "L8star BM10", "L8star (model not named)"."""
        return f"{self.brand} {self.name or '(model not named)'}".strip()

    def published(self, name: str) -> tuple[Fact, ...]:
        """The facts of that name, one for each source; empty when none is known."""
        return tuple(fact for fact in self.facts if fact.name == name)

    @cached_property
    def dimensions_mm(self) -> tuple[float, ...] | None:
        """Height, width and, where published, depth in millimetres."""
        facts = self.published("dimensions")
        return tuple(float(side) for side in facts[0].value.split("x")) if facts else None

    @property
    def sim_slots(self) -> int | None:
        """SIM slots, None when no source tells."""
        facts = self.published("sim_slots")
        return int(facts[0].value) if facts else None

    @property
    def imeis(self) -> int | None:
        """IMEIs that one handset bears: one for each SIM slot that can be on the network at once.

        Source: GSMA TS.37, requirements for multi SIM devices.
        """
        return self.sim_slots

    @property
    def detection(self) -> tuple[Fact, ...]:
        """What is published on what finds it."""
        return tuple(fact for fact in self.facts if fact.name in DETECTION)


def is_mini(model: Model | None) -> bool:
    """Known as a mini phone; False for a model that the catalogue does not know."""
    return model is not None and model.mini
