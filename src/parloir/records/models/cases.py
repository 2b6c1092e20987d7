"""Cases, and the legal acts under which their evidence is held."""

from __future__ import annotations

from django.db import models


class Case(models.Model):
    """One inquiry. Its row is the lock of its custody chain."""

    reference = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=300, blank=True)
    opened = models.DateTimeField()
    opened_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")


class Authority(models.Model):
    """The legal act under which evidence is held: what for, over whom, and three dates. Append-only.

    A renewed act is a new authority with a reference of its own.

    Attributes:
        scope: subjects, radio cells, period of the data, offence and purposes, as
            `parloir.records.authorities` writes them.
        obtain_until_us: first moment at which evidence may no longer be obtained under it; null when open.
        erase_by_us: moment by which everything held under it must be erased; null when open.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="authorities")
    reference = models.CharField(max_length=200)
    issuer = models.CharField(max_length=300)
    scope = models.JSONField(default=dict)
    obtain_until_us = models.BigIntegerField(null=True)
    erase_by_us = models.BigIntegerField(null=True)
    added = models.DateTimeField()
    added_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint("case", "reference", name="one_authority_a_reference"),)
