"""Who communicates with whom: the correspondents of a handset, the numbers of an inmate's people, how rare a
number is."""

from parloir.contacts.correspondents import correspondents
from parloir.contacts.known_numbers import known_numbers, register_links
from parloir.contacts.people_there import people_there
from parloir.contacts.rarity import Rarity, rarity
from parloir.contacts.records_inside import records_inside

__all__ = [
    "Rarity",
    "correspondents",
    "known_numbers",
    "people_there",
    "rarity",
    "records_inside",
    "register_links",
]
