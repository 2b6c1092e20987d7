"""Which records are one person: `link` for any two files, `weigh` for the registers of a case."""

from parloir.identities.link_input import LinkInput, read_file
from parloir.identities.linking import Links, Parameters, link
from parloir.identities.weighing import Persons, weigh

__all__ = ["LinkInput", "Links", "Parameters", "Persons", "link", "read_file", "weigh"]
