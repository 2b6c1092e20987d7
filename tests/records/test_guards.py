from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management.sql import emit_post_migrate_signal
from django.db import Error, connection, models, transaction

from parloir.actions import Link, Saying, judge_link
from parloir.records import guards
from parloir.records.models import CustodyEvent, Judgement
from parloir.records.workspace import Workspace
from tests.actions.conftest import CASE, a_case


@pytest.fixture(autouse=True)
def _rows(workspace: Workspace) -> None:
    a_case(workspace)
    judge_link(workspace, CASE, Link("same_person", "person:1", "person:2"), Saying("same", "one number"))


def _replace() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO records_custodyevent (id, case_id, sequence, hash, body) "
            "SELECT id, case_id, sequence, hash, '{}' FROM records_custodyevent"
        )


def _truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE records_custodyevent CASCADE")


ATTACKS: dict[str, Callable[[], object]] = {
    "update": lambda: CustodyEvent.objects.update(body="{}"),
    "delete": lambda: CustodyEvent.objects.all().delete(),
    "save": lambda: Judgement.objects.get().save(),
    "upsert": lambda: Judgement.objects.bulk_create(
        Judgement.objects.all(), update_conflicts=True, update_fields=["word"], unique_fields=["id"]
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_written_stays(attack: str) -> None:
    before = list(CustodyEvent.objects.values_list()), list(Judgement.objects.values_list())
    with pytest.raises(Error, match="only ever added"), transaction.atomic():
        ATTACKS[attack]()
    assert (list(CustodyEvent.objects.values_list()), list(Judgement.objects.values_list())) == before


def test_each_database_s_own_way_round_is_closed() -> None:
    attack = _replace if connection.vendor == "sqlite" else _truncate
    with pytest.raises(Error, match="only ever added"), transaction.atomic():
        attack()
    assert CustodyEvent.objects.exclude(body="{}").exists()


def test_every_append_only_model_is_guarded() -> None:
    models_here = apps.get_app_config("records").get_models()
    said = {model._meta.db_table for model in models_here if "Append-only" in _words(model)}
    assert said == set(guards.TABLES)
    assert guards.missing(connection) == []


def _words(model: type[models.Model]) -> str:
    return (model.__doc__ or "") + (__import__(model.__module__, fromlist=["x"]).__doc__ or "")


def test_altering_a_table_drops_its_guards_until_they_are_made_again() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER records_judgement_no_delete ON records_judgement")
    else:
        field = models.CharField(max_length=11)
        field.set_attributes_from_name("word")
        with connection.schema_editor() as editor:
            editor.alter_field(Judgement, Judgement._meta.get_field("word"), field, strict=True)
            editor._remake_table(Judgement)
    assert "records_judgement_no_delete" in guards.missing(connection)
    assert [error.id for error in run_checks(databases=["default"])].count("parloir.E001") >= 1
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert guards.missing(connection) == []
    assert not run_checks(databases=["default"])
