"""Sealed files of a case and the chain of their custody."""

from __future__ import annotations

from django.db import models

from parloir.records.models.cases import Authority, Case


class Status(models.TextChoices):
    """How far an evidence item has come."""

    SEALED = "sealed", "sealed, not read yet"
    READ = "read", "read into tables"
    REFUSED = "refused", "sealed; no table could be made of it"
    ERASED = "erased", "erased; hash and events stay"


class EvidenceItem(models.Model):
    """One sealed file in a case.

    Attributes:
        number: counted from 1 within the case.
        handling: handling code, as the service that supplied the file writes it.
        members: what each file inside was taken for and how its rows were counted.
        tables: for each table made of it, its rows and the SHA-256 of its file.
        refusal: why no table was made, in one sentence; empty otherwise.
        reading: which reading its tables are of, counted from 1.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    original_name = models.CharField(max_length=1000)
    from_whom = models.CharField(max_length=300, blank=True)
    handling = models.CharField(max_length=100, blank=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="evidence")
    taken_in = models.DateTimeField()
    taken_in_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices)
    refusal = models.TextField(blank=True)
    reading = models.PositiveIntegerField(default=1)
    format = models.TextField(blank=True)
    members = models.JSONField(default=list)
    tables = models.JSONField(default=dict)
    rows_in = models.BigIntegerField(default=0)
    rows_out = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    warnings = models.BigIntegerField(default=0)
    remarks = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint("case", "number", name="one_item_a_number"),
            models.UniqueConstraint(
                fields=["case", "sha256"],
                condition=~models.Q(status="erased"),
                name="one_item_a_file",
            ),
        )


class CustodyEvent(models.Model):
    """One event of a case's chain, in the canonical JSON that its hash was made over. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, unique=True)
    body = models.TextField()

    class Meta:
        ordering = ("case", "sequence")
        constraints = (models.UniqueConstraint("case", "sequence", name="one_event_a_sequence"),)
