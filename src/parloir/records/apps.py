"""The Django app of the records."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """Puts the guards of the append-only tables up after every migration, and checks that they stand."""

    name = "parloir.records"
    label = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        """Connect the guards."""
        from parloir.records import guards  # noqa: PLC0415 - Django loads models after apps

        post_migrate.connect(_make_guards, sender=self)
        register(guards.check, Tags.database)


def _make_guards(using: str, **_: Any) -> None:
    from parloir.records import guards  # noqa: PLC0415 - Django loads models after apps

    guards.make(connections[using])
