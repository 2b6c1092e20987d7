"""Sealed evidence: content-addressed files, verified at each read, and the chain of custody."""

from parloir.vault.member import Member

__all__ = ["Member"]
