"""Runs, and what analysts say about links. Append-only, all of it."""

from __future__ import annotations

from django.db import models

from parloir.records.models.cases import Case
from parloir.records.models.evidence import EvidenceItem


class Run(models.Model):
    """One weighing.

    Attributes:
        inputs: each evidence item that it rests on, as `records.runs.input_of` names it.
        parameters: everything that could be set.
        findings_sha256: of the findings file; the same inputs, version and parameters give the same.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    inputs = models.JSONField()
    code_version = models.CharField(max_length=100)
    parameters = models.JSONField()
    findings_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint("case", "number", name="one_run_a_number"),)


class RunErasure(models.Model):
    """A run whose files were removed because an evidence item under it was erased."""

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="erasure")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Word(models.TextChoices):
    """What an analyst says about a link."""

    SAME = "same", "the two are one"
    DIFFERENT = "different", "the two are not one"
    UNSURE = "unsure", "looked at, cannot say"
    ACCEPT = "accept", "the lead may be acted on"
    REJECT = "reject", "the lead is not to be acted on"


class Judgement(models.Model):
    """An analyst's word on a link; it outlives every run. The latest word on a pair holds.

    Attributes:
        proposition: `same_person`, `same_handset`, `inside`, `held_by` or `bought_for`.
        subject: `kind:key`, as findings write it.
        object: `kind:key`, as findings write it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="judgements")
    proposition = models.CharField(max_length=20)
    subject = models.CharField(max_length=300)
    object = models.CharField(max_length=300)
    word = models.CharField(max_length=10, choices=Word.choices)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
