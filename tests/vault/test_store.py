"""Sealing and erasing, and what a crash leaves."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import EvidenceError, InputError, TamperedError
from parloir.vault import Seal, Vault

from .conftest import UNHURRIED

MIB = 1 << 20


def files(root):
    return sorted(path for path in root.rglob("*") if path.is_file())


@given(st.binary(max_size=100), st.integers(0, 3))
@settings(UNHURRIED, max_examples=30)
def test_what_is_sealed_is_what_is_read(tmp_path_factory, data, megabytes):
    root = tmp_path_factory.getbasetemp() / "sealing"
    root.mkdir(exist_ok=True)
    (root / "file").write_bytes(data + b"\0" * megabytes * MIB)
    vault = Vault(root / "vault")
    seal = vault.seal(root / "file")
    assert seal == Seal(hashlib.sha256((root / "file").read_bytes()).hexdigest(), len(data) + megabytes * MIB)
    assert vault.verify(seal.sha256) == seal
    with vault.open(seal.sha256) as file:
        assert file.read() == (root / "file").read_bytes()


def test_the_same_bytes_are_kept_once(vault, sealed):
    assert sealed(b"1", "a.csv") == sealed(b"1", "b.csv")
    assert list(vault.addresses()) == [sealed(b"1").sha256]
    assert vault.holds(sealed(b"1").sha256)
    assert vault.size(sealed(b"1").sha256) == 1


def test_many_seal_the_same_bytes_at_once(tmp_path):
    (tmp_path / "file").write_bytes(os.urandom(2 * MIB))
    with ThreadPoolExecutor(8) as pool:
        seals = list(pool.map(lambda _: Vault(tmp_path / "vault").seal(tmp_path / "file"), range(24)))
    assert len(set(seals)) == 1
    assert len(files(tmp_path / "vault")) == 1


def test_a_sealed_file_is_read_only_and_lies_under_its_address(sealed, tmp_path):
    address = sealed(b"1").sha256
    [path] = files(tmp_path / "vault")
    assert path.relative_to(tmp_path / "vault").parts == (address[:2], address[2:4], address)
    assert path.stat().st_mode & 0o777 == 0o440


def test_sealing_again_what_was_altered_is_found(sealed, tmp_path):
    sealed(b"1")
    [path] = files(tmp_path / "vault")
    path.chmod(0o600)
    path.write_bytes(b"2")
    with pytest.raises(TamperedError):
        sealed(b"1")
    assert files(tmp_path / "vault") == [path]


def test_progress_counts_bytes(vault, tmp_path):
    (tmp_path / "file").write_bytes(b"\0" * (2 * MIB + 1))
    sealing, verifying = [], []
    seal = vault.seal(tmp_path / "file", progress=sealing.append)
    vault.verify(seal.sha256, progress=verifying.append)
    assert sealing == verifying == [MIB, 2 * MIB, 2 * MIB + 1]


@pytest.mark.parametrize("name", ["no such file", ".", "/dev/null"])
def test_what_is_no_file_is_refused(vault, tmp_path, name):
    with pytest.raises(EvidenceError, match=r"cannot be sealed|is not a file"):
        vault.seal(tmp_path / name)


def test_a_vault_that_cannot_be_made_or_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"1")
    with pytest.raises(EvidenceError, match="the vault cannot be made"):
        Vault(tmp_path / "file" / "vault")
    vault = Vault(tmp_path / "vault")
    (tmp_path / "vault").rmdir()
    with pytest.raises(EvidenceError, match="the file cannot be sealed"):
        vault.seal(tmp_path / "file")


@pytest.mark.parametrize("address", ["", "ab", "../" * 20, "AB" * 32, "ab" * 32 + "\n", "/etc/passwd"])
def test_what_is_no_address_is_refused(vault, address):
    for use in (vault.holds, vault.verify, vault.size, vault.erase, vault.open):
        with pytest.raises(InputError, match="is not a SHA-256"):
            use(address)


def test_erasing_can_be_repeated(vault, sealed, tmp_path):
    seal, other = sealed(b"1"), sealed(b"2")
    assert [vault.erase(seal.sha256), vault.erase(seal.sha256)] == [True, False]
    assert not vault.holds(seal.sha256)
    assert vault.verify(other.sha256) == other
    assert len(files(tmp_path / "vault")) == 1


def test_a_sweep_spares_what_a_living_writer_holds(vault, tmp_path):
    swept = []
    (tmp_path / "file").write_bytes(b"\0" * 2 * MIB)
    (tmp_path / "vault" / "incoming-of-the-dead").write_bytes(b"half")
    seal = vault.seal(tmp_path / "file", progress=lambda _: swept.append(vault.sweep()))
    assert swept == [1, 0]
    assert vault.verify(seal.sha256) == seal
    assert len(files(tmp_path / "vault")) == 1


# Killed at random moments.

SEALER = """
import pathlib, sys
from parloir.vault import Vault
root, files = pathlib.Path(sys.argv[1]), sorted(pathlib.Path(sys.argv[2]).iterdir())
vault = Vault(root)
print("ready", flush=True)
while True:
    for file in files:
        seal = vault.seal(file)
        print(seal.sha256, flush=True)
    if sys.argv[3] == "erase":
        for file in files:
            vault.erase(vault.seal(file).sha256)
"""


def killed(root, source, mode, until):
    """Run the sealer, wait `until()`, kill it; the addresses that it said were sealed."""
    command = [sys.executable, "-c", SEALER, str(root), str(source), mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        until()
        child.send_signal(signal.SIGKILL)
        lines = child.stdout.read().split("\n")
    assert child.returncode == -signal.SIGKILL
    return [line for line in lines[:-1] if len(line) == 64]


@pytest.mark.parametrize("mode", ["seal", "erase"])
def test_a_kill_leaves_whole_files_or_none(tmp_path, mode):
    source = tmp_path / "source"
    source.mkdir()
    chance = random.Random(7)  # noqa: S311 -- moments, not secrets
    for number in range(4):
        (source / str(number)).write_bytes(chance.randbytes(4 * MIB))
    expected = {hashlib.sha256(path.read_bytes()).hexdigest() for path in source.iterdir()}
    root = tmp_path / "vault"
    for _ in range(5):
        said = killed(root, source, mode, lambda: time.sleep(chance.uniform(0, 0.2)))
        vault = Vault(root)
        vault.sweep()
        kept = {path.name for path in files(root)}
        assert kept <= expected
        assert set(said) <= kept or mode == "erase"
        for address in kept:
            assert vault.verify(address).size == 4 * MIB
    seals = {vault.seal(path).sha256 for path in source.iterdir()}
    assert seals == {path.name for path in files(root)} == expected
    assert [vault.erase(address) for address in sorted(seals)] == [True] * 4
    assert files(root) == []


def test_a_kill_leaves_a_temporary_file_that_the_next_sweep_removes(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    with (source / "large").open("wb") as file:
        file.truncate(2 << 30)
    vault = Vault(tmp_path / "vault")

    def begun():
        while not files(tmp_path / "vault"):
            time.sleep(0.001)

    killed(tmp_path / "vault", source, "seal", begun)
    assert len(files(tmp_path / "vault")) == 1
    assert vault.sweep() == 1
    assert files(tmp_path / "vault") == []
