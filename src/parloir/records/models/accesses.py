"""Who looked at what, when and why."""

from __future__ import annotations

from django.db import models

from parloir.records.models.cases import Case


class AccessLog(models.Model):
    """One consultation or disclosure (Directive 2016/680, Art. 25). Append-only.

    Attributes:
        why: the person's stated purpose.
        act: what was done, a verb phrase: `show_case`, `export_case`.
        object: to what: a lead, a file, a run; empty when it is the case itself.
    """

    at = models.DateTimeField()
    user = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=500, blank=True)
    act = models.CharField(max_length=50)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="accesses")
    object = models.CharField(max_length=500, blank=True)
