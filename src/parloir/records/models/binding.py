"""Which workspace this database belongs to."""

from __future__ import annotations

from django.db import models


class Binding(models.Model):
    """The workspace's identifier, which its folder bears too.

    A sweep removes files that no record names: it must never run against another workspace's records.
    """

    workspace = models.UUIDField(unique=True)
