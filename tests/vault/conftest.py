from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from parloir.vault import Event, Kind, Moment, Party, Vault, chained
from parloir.vault.export import Contents, Erased, Present, manifest, vouching, write_case

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CASE = "Opération “Parloir” 7/2026"


def event(kind, **fields):
    told = {"occurred": Moment(1_770_000_000_000_000, 60), "recorded": Moment(1_770_000_360_000_000, 60)}
    return Event(**{"case": CASE, "kind": kind, "author": "A. Greffier", **told, **fields})


def chain(*events):
    linked = []
    for one in events:
        linked.append(chained(one, linked[-1] if linked else None))
    return linked


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "vault")


@pytest.fixture
def sealed(vault, tmp_path):
    """Seals bytes and gives their seal."""

    def seal(data, name="evidence.bin"):
        path = tmp_path / name
        path.write_bytes(data)
        return vault.seal(path)

    return seal


@pytest.fixture
def members(vault, sealed):
    def of(data, name="evidence.bin"):
        return vault.members(sealed(data, name).sha256, name)

    return of


@dataclass(frozen=True)
class Exported:
    path: Path
    events: list
    checkpoint: object
    seals: list
    gone: object
    listed: bytes
    vault: Vault

    def again(self, out, events=None, listed=None):
        return write_case(out, listed or self.listed, events or self.events, self.vault)


@pytest.fixture
def exported(vault, sealed, tmp_path):
    """A small case with two files, one erased file and five events."""
    seals = [sealed(b"order;1\n" * 5, "shop.sql"), sealed(b"visit;1\n", "visits.csv")]
    gone = sealed(b"passers-by", "operator.csv")
    events = chain(
        event(Kind.CASE_OPENED, reason="seizure of a shop"),
        *(event(Kind.SEALED, evidence=s.sha256, authority="CR 12/2026") for s in [*seals, gone]),
        event(
            Kind.HANDED_OVER,
            evidence=seals[0].sha256,
            handed_by=Party("B. Perquisition", "Gendarmerie"),
            received_by=Party("C. Analyste", "Unité"),
            seals_before=("0017",),
            seals_after=("0018", "0019"),
            details={"handset": 1, "sealed again": True, "note": None, "é": ["\u20ac", {"\U0001f511": "\r"}]},
        ),
        event(Kind.ERASED, evidence=gone.sha256, authority="CR 13/2026", reason="end of the authority"),
    )
    vault.erase(gone.sha256)
    contents = Contents(
        {"name": CASE, "handling": "restricted"},
        [Present(seals[0].sha256, "shop.sql"), Present(seals[1].sha256, "visits.csv")],
        [Erased(gone.sha256, "operator.csv", "CR 13/2026")],
    )
    listed = manifest(contents, vault)
    events.append(chained(event(Kind.EXPORTED, details=vouching(listed)), events[-1]))
    out = tmp_path / "case.zip"
    checkpoint = write_case(out, listed, events, vault)
    return Exported(out, events, checkpoint, seals, gone, listed, vault)
