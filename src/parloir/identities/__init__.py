"""Which records are one person: `link` for any two files, `weigh` for the registers of a case.

What it offers is imported when it is asked for: reading a stored explanation needs no engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parloir.identities.link_input import LinkInput, read_file
    from parloir.identities.linking import Links, Parameters, link
    from parloir.identities.remembering import Memory
    from parloir.identities.weighing import Persons, weigh

_FROM = {
    "LinkInput": "link_input",
    "read_file": "link_input",
    "Links": "linking",
    "Parameters": "linking",
    "link": "linking",
    "Memory": "remembering",
    "Persons": "weighing",
    "weigh": "weighing",
}

__all__ = ["LinkInput", "Links", "Memory", "Parameters", "Persons", "link", "read_file", "weigh"]


def __getattr__(name: str) -> Any:
    if name not in _FROM:
        raise AttributeError(name)
    return getattr(import_module(f"parloir.identities.{_FROM[name]}"), name)
