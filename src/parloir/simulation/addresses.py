"""Homes and relay points as text. Towns are those of the prisons' areas; streets and houses are made up."""

from __future__ import annotations

import numpy as np

from parloir.places import quarters
from parloir.simulation.names import document
from parloir.simulation.population import Population

RELAY_NAMES = (
    "Tabac du Centre",
    "Épicerie de la Gare",
    "Pressing Express",
    "Librairie des Arts",
    "Garage du Pont",
)


class Addresses:
    """Writes homes of people by their indexes of street, house and town."""

    def __init__(self, world: Population) -> None:
        postcodes = {row["facility"]: row["postcode"] for row in quarters()}
        lists = document()
        self._ways, self._streets = lists["ways"], lists["streets"]
        self.towns = [prison.town.title() for prison in world.prisons]
        self.postcodes = [postcodes[prison.name] for prison in world.prisons]

    def street(self, street: int, house: int) -> str:
        """`12 rue des Lilas`."""
        way = self._ways[street % len(self._ways)]
        return f"{house} {way} {self._streets[street // len(self._ways) % len(self._streets)]}"

    def short(self, street: int, house: int) -> str:
        """The same as hurried people write it."""
        text = self.street(street, house)
        for long, brief in (
            ("avenue", "av."),
            ("boulevard", "bd"),
            ("place", "pl."),
            ("impasse", "imp."),
            ("rue", "r."),
        ):
            text = text.replace(f" {long} ", f" {brief} ")
        return text

    def relay(self, relay: int) -> tuple[str, str, str, str]:
        """Name, street, postcode and town of a relay point."""
        town = relay // 4 % len(self.towns)
        name = f"{RELAY_NAMES[relay % len(RELAY_NAMES)]} {relay % 97}"
        return name, self.street(relay * 37, relay % 150 + 1), self.postcodes[town], self.towns[town]


def mail(family: str, given: str, index: int, host: str) -> str:
    """A mail address from a name; `index` keeps it apart from namesakes."""
    plain = "".join(c for c in _ascii(f"{given}.{family}").lower() if c.isalnum() or c in ".-")
    return f"{plain}{index % 97 if index % 3 else index}@{host}"


def _ascii(text: str) -> str:
    table = str.maketrans("éèêëàâäîïôöûüùçœÉÈÀÎÔÛÇ", "eeeeaaaiioouuucoEEAIOUC")
    return text.translate(table).replace(" ", "").replace("'", "")


def birthday(days: int) -> str:
    """A day since 1970 as 2001-12-31."""
    return str(np.datetime64("1970-01-01") + np.timedelta64(int(days), "D"))
