"""Sealed evidence: content-addressed files, verified at each read, and the chain of custody."""

from parloir.vault.custody import (
    Checkpoint,
    Event,
    Fault,
    Kind,
    Moment,
    Party,
    canonical,
    chained,
    check_chain,
    genesis,
)
from parloir.vault.limits import Limits
from parloir.vault.member import Member
from parloir.vault.scope import Authority, Scope, outside
from parloir.vault.store import Seal, Vault, require_file

__all__ = [
    "Authority",
    "Checkpoint",
    "Event",
    "Fault",
    "Kind",
    "Limits",
    "Member",
    "Moment",
    "Party",
    "Scope",
    "Seal",
    "Vault",
    "canonical",
    "chained",
    "check_chain",
    "genesis",
    "outside",
    "require_file",
]
