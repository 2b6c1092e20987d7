"""A workspace in which take-in and erase are killed at random moments, and what must hold afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parloir.actions import (
    Delivery,
    Rereading,
    add_authority,
    erase_evidence,
    open_case,
    read_again,
    show_case,
    take_in_evidence,
    verify_case,
    weigh,
)
from parloir.records.custody import chain
from parloir.records.models import Case
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Scope, Vault
from tests import acts, small_case
from tests.kill import TIMED, Act, Outcome, kills

CASE, AUTHORITY, ROWS = "crashes", "JI-2025-0042", 3000


@dataclass(frozen=True)
class CrashSite:
    """A workspace with one case."""

    folder: Path
    home: Path

    @classmethod
    def make(cls, folder: Path, home: Path | None = None) -> CrashSite:
        """In a folder for files, with a workspace below it unless one is named."""
        site = cls(folder, home or folder / "home")
        workspace = open_workspace(site.home, create=True)
        open_case(workspace, CASE)
        add_authority(workspace, CASE, Authority(AUTHORITY, "Investigating judge", Scope()))
        return site

    def kill_take_in(self, times: int) -> list[Outcome]:
        """Kill the taking in of `times` files, each taken in again afterwards."""
        return kills(self._take_in, self._check_take_in, times)

    def kill_erase(self, times: int) -> list[Outcome]:
        """Kill the erasing of as many items, each erased again afterwards."""
        for n in range(times + TIMED):
            self._taken_in(n)
        return kills(self._erase, self._check_erase, times)

    def kill_read_again(self, times: int) -> list[Outcome]:
        """Kill the reading again of as many items, each read again afterwards."""
        for n in range(times + TIMED):
            self._taken_in(n)
        return kills(self._read_again, self._check_read_again, times)

    def kill_weigh(self, times: int) -> list[Outcome]:
        """Kill as many weighings of a small case, each followed by one that is left alone."""
        small_case.taken_in(open_workspace(self.home), self.folder / "small")
        return kills(lambda _: Act(acts.weigh, (self.home, small_case.CASE)), self._check_weigh, times)

    def _take_in(self, n: int) -> Act:
        return Act(acts.take_in, (self.home, CASE, AUTHORITY, self._file(n)))

    def _erase(self, n: int) -> Act:
        return Act(acts.erase, (self.home, CASE, self._number(n)))

    def _read_again(self, n: int) -> Act:
        return Act(acts.read_again, (self.home, CASE, self._number(n)))

    def _file(self, n: int) -> Path:
        path = self.folder / f"visits{n}.csv"
        if not path.exists():
            rows = (f"V{n}-{row},A{row},I1,P1,2025-02-01T10:00:00+01:00\n" for row in range(ROWS))
            path.write_text("visit,visitor,inmate,prison,started\n" + "".join(rows), "utf-8")
        return path

    def _taken_in(self, n: int) -> Workspace:
        workspace = open_workspace(self.home)
        take_in_evidence(workspace, CASE, [self._file(n)], Delivery(authority=AUTHORITY))
        return workspace

    def _number(self, n: int) -> int:
        shown = show_case(open_workspace(self.home), CASE)
        named = [line for line in shown.evidence if line.original_name == self._file(n).name]
        assert len(named) == 1, "the same file stands in the case twice"
        return named[0].number

    def _check_take_in(self, n: int) -> None:
        _assert_whole(open_workspace(self.home))
        workspace = self._taken_in(n)
        _assert_whole(workspace)
        line = next(item for item in show_case(workspace, CASE).evidence if item.number == self._number(n))
        assert (line.status, line.rows_in, line.rows_out) == ("read", ROWS, ROWS)
        assert self._said(line.number) == ["sealed", "read"]

    def _check_erase(self, n: int) -> None:
        workspace = open_workspace(self.home)
        _assert_whole(workspace)
        number = self._number(n)
        erased = erase_evidence(workspace, CASE, number, "the authority has ended")
        _assert_whole(workspace)
        assert [kind for kind in self._said(number) if kind != "read"] == ["sealed", "erased"]
        assert not Vault(workspace.vault).holds(erased.sha256)

    def _check_read_again(self, n: int) -> None:
        workspace = open_workspace(self.home)
        _assert_whole(workspace)
        number = self._number(n)
        again = read_again(workspace, CASE, number, Rereading(reason="the clock ran on UTC", timezone="UTC"))
        _assert_whole(workspace)
        assert (again.before.rows_out, again.intake.rows_out) == (ROWS, ROWS)
        assert self._said(number)[:3] == ["sealed", "read", "read"]

    def _check_weigh(self, _: int) -> None:
        workspace = open_workspace(self.home)
        found = verify_case(workspace, small_case.CASE)
        assert found.holds, found.faults
        case = Case.objects.get(reference=small_case.CASE)
        written = {workspace.run_of(case.pk, run.number) for run in case.runs.all()}
        assert set(workspace.runs.glob("case*/run*")) == written
        assert not list(workspace.runs.glob(".staging/*"))
        assert not list(workspace.working.glob("case*/.staging/*"))
        told = [event for event in chain(case) if event.kind == "weighed"]
        assert len(told) == len(written), "a run and its event belong together"
        again = weigh(workspace, small_case.CASE)
        assert {run.findings_sha256 for run in case.runs.all()} == {again.findings_sha256}

    def _said(self, number: int) -> list[str]:
        open_workspace(self.home)
        events = chain(Case.objects.get(reference=CASE))
        return [str(event.kind) for event in events if event.details.get("number") == number]


def _assert_whole(workspace: Workspace) -> None:
    found = verify_case(workspace, CASE)
    assert found.holds, found.faults
    assert not list(workspace.tables.glob(".staging/*"))
    assert not list(workspace.vault.glob("incoming-*"))
    case = Case.objects.get(reference=CASE)
    items = case.evidence.filter(status="read")
    read = {workspace.tables_of(case.pk, item.number, item.reading) for item in items}
    assert set(workspace.tables.glob("case*/evidence*")) == read
    held = case.evidence.exclude(status="erased").values_list("sha256", flat=True)
    assert set(Vault(workspace.vault).addresses()) == set(held)
