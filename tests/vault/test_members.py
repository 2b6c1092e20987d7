"""What there is to read in a sealed file, and what is refused with one sentence."""

import bz2
import errno
import gzip
import io
import stat
import tempfile
import tracemalloc
import warnings
import zipfile
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import DamagedFileError, EvidenceError, ParloirError, TamperedError
from parloir.provenance import Locator
from parloir.vault import Limits, Vault

from .conftest import UNHURRIED

MIB = 1 << 20


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, bytes) pairs."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # a name that stands twice
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def entry(name, **attributes):
    info = zipfile.ZipInfo(name)
    info.filename = info.orig_filename = name
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info


def contents(member):
    with member.open() as file:
        return file.read()


def test_a_plain_file_is_one_member(members, sealed):
    [member] = members(b"a;b\n1;2\n", "visits.csv")
    assert (member.name, member.file_name) == ("", "visits.csv")
    assert member.evidence == sealed(b"a;b\n1;2\n").sha256
    assert (contents(member), member.head(3), member.head()) == (b"a;b\n1;2\n", b"a;b", b"a;b\n1;2\n")
    assert member.locator("visits", 2) == Locator(member.evidence, "", "visits", 2)


@pytest.mark.parametrize("data", [b"", b"x", b"PK", b"\x1f\x8b", b"text with PK\x03\x04 inside"])
def test_what_is_no_archive_is_plain(members, data):
    [member] = members(data)
    assert (contents(member), member.head()) == (data, data)


def test_a_gz_is_one_member_even_when_it_was_made_in_pieces(members):
    [member] = members(gzip.compress(b"INSERT ") + gzip.compress(b"INTO") + b"\0" * 7, "dump.sql.gz")
    assert (member.name, contents(member), member.head(4)) == ("", b"INSERT INTO", b"INSE")


def test_a_zip_has_one_member_a_file_and_none_a_folder(members):
    nested = zipped(("inner.csv", b"3"))
    data = zipped(("a/", b""), ("a/x.csv", b"1"), ("é.csv", b"2"), ("nested.zip", nested))
    found = members(data, "registers.zip")
    assert {member.name: contents(member) for member in found} == {
        "a/x.csv": b"1",
        "é.csv": b"2",
        "nested.zip": nested,
    }
    assert str(found[0].locator("", 7)).endswith("!a/x.csv!#7")


@pytest.mark.parametrize(
    "names",
    [
        ("[Content_Types].xml", "xl/workbook.xml"),
        ("[Content_Types].xml", "word/document.xml"),
        ("mimetype", "content.xml"),
        ("[Content_Types].xml", "xl\\workbook.xml"),
        ("archive/data.warc.gz", "datapackage.json"),
    ],
)
def test_a_document_that_dresses_as_zip_is_one_plain_member(members, names):
    data = zipped(*((name, b"<x/>") for name in names))
    [member] = members(data, "register.zip")
    assert (member.name, contents(member)) == ("", data)


def test_a_zip_with_the_name_of_a_workbook_is_still_a_zip(members):
    assert [member.name for member in members(zipped(("a.csv", b"1")), "register.xlsx")] == ["a.csv"]


# Streams.


@pytest.fixture(params=["plain", "gz", "zip", "stored"])
def packed(request, members):
    pack = {
        "plain": lambda data: data,
        "gz": gzip.compress,
        "zip": lambda data: zipped(("a.csv", data)),
        "stored": lambda data: zipped(("a.csv", data), method=zipfile.ZIP_STORED),
    }[request.param]
    return lambda data: members(pack(data))[0]


@given(data=st.data())
@settings(UNHURRIED, max_examples=25)
def test_a_stream_seeks_like_a_file(tmp_path_factory, data):
    whole = b"".join(b"%07d\n" % number for number in range(40_000))
    root = tmp_path_factory.getbasetemp() / "seeking"
    root.mkdir(exist_ok=True)
    pack = data.draw(st.sampled_from([bytes, gzip.compress, lambda some: zipped(("a.csv", some))]))
    (root / "file").write_bytes(pack(whole))
    vault = Vault(root / "vault", Limits(spool_bytes=data.draw(st.sampled_from([0, 10**6]))))
    [member] = vault.members(vault.seal(root / "file").sha256, "file")
    expected = io.BytesIO(whole)
    with member.open() as file:
        for _ in range(data.draw(st.integers(1, 6))):
            whence = data.draw(st.sampled_from([0, 1, 2]))
            low = {0: 0, 1: -expected.tell(), 2: -len(whole)}[whence]
            offset = data.draw(st.integers(low, low + len(whole)))
            size = data.draw(st.integers(0, 300_000))
            assert file.seek(offset, whence) == expected.seek(offset, whence)
            assert file.read(size) == expected.read(size)
            assert file.tell() == expected.tell()


def test_a_stream_is_read_again_from_the_start_without_a_spool(packed, tmp_path):
    member = packed(b"0123456789" * 100_000)
    with member.open() as file:
        assert file.read(5) == b"01234"
        assert file.seek(0) == 0
        assert file.read() == b"0123456789" * 100_000
        assert file.readable()
        assert file.seekable()
    assert [path for path in (tmp_path / "vault").iterdir() if path.is_file()] == []


def test_memory_stays_bounded_while_a_large_gz_is_read(members):
    line = b"INSERT INTO `ps_orders` VALUES (%08d,'XKBKNABJK','06 39 98 00 00');\n"
    packer = zlib.compressobj(1, wbits=31)
    data = b"".join(packer.compress(line % number) for number in range(10**6))
    [member] = members(data + packer.flush(), "dump.sql.gz")
    tracemalloc.start()
    with member.open() as file:
        rows = sum(1 for _ in file)
        file.seek(-100, io.SEEK_END)
        rest = file.read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 10**6
    assert len(rest) == 100
    assert peak < 32 * MIB  # of 68 MB unpacked; the spool keeps 16 MiB before it goes to the disk


def test_a_full_disk_is_one_sentence(members, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    [member] = members(gzip.compress(b"0123456789" * 2 * MIB))
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with (
        member.open() as file,
        pytest.raises(EvidenceError, match=r"no room to unpack the file"),
    ):
        file.seek(-1, io.SEEK_END)


# Verified at each read.


def flip(tmp_path, seal, place):
    [path] = (tmp_path / "vault").rglob(seal.sha256)
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(place)
        old = file.read(1)
        file.seek(place)
        file.write(bytes([old[0] ^ 1]))


@pytest.mark.parametrize("place", [0, MIB - 1, MIB, 3 * MIB - 1])
def test_a_flipped_bit_is_found_before_reading(vault, sealed, tmp_path, place):
    seal = sealed(b"\0" * 3 * MIB)
    flip(tmp_path, seal, place)
    for read in (vault.members, lambda sha256, _: vault.open(sha256), lambda sha256, _: vault.verify(sha256)):
        with pytest.raises(TamperedError, match=f"{seal.sha256}: the bytes in the vault are not the bytes"):
            read(seal.sha256, "x")


@pytest.mark.parametrize("pack", [lambda data: data, lambda data: zipped(("a", data), method=0)])
def test_a_bit_flipped_while_it_is_read_never_reaches_the_reader(vault, sealed, tmp_path, pack):
    seal = sealed(pack(b"\0" * 3 * MIB))
    [member] = vault.members(seal.sha256, "x")
    assert member.head(4) == b"\0\0\0\0"
    with member.open() as file:
        assert file.read(10) == b"\0" * 10
        flip(tmp_path, seal, 2 * MIB + 5)
        with pytest.raises(TamperedError):
            file.read()
    with pytest.raises(TamperedError):
        contents(member)


def test_a_file_that_is_gone_is_named(vault, sealed):
    seal = sealed(b"1")
    [member] = vault.members(seal.sha256, "x")
    vault.erase(seal.sha256)
    for read in (member.open, lambda: vault.members(seal.sha256, "x"), lambda: vault.verify(seal.sha256)):
        with pytest.raises(TamperedError, match="missing from the vault"):
            read()


def test_a_file_cut_short_while_it_is_read_is_found(vault, sealed, tmp_path):
    seal = sealed(b"\0" * 3 * MIB)
    [member] = vault.members(seal.sha256, "x")
    [path] = (tmp_path / "vault").rglob(seal.sha256)
    path.chmod(0o600)
    path.write_bytes(b"\0" * (2 * MIB + 1))
    with pytest.raises(TamperedError):
        contents(member)


# Refused.


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/passwd", "leads out of the archive"),
        ("../x", "leads out of the archive"),
        ("a/../../x", "leads out of the archive"),
        ("..\\x", "leads out of the archive"),
        ("\\\\server\\x", "leads out of the archive"),
        ("C:\\x", "leads out of the archive"),
        ("c:x", "leads out of the archive"),
        ("a\0.csv", "control characters"),
        ("a\x1b[2J.csv", "control characters"),
        ("x" * 1001, "more than 1,000 characters"),
    ],
)
def test_a_name_that_is_a_trick_is_refused(members, name, reason):
    with pytest.raises(DamagedFileError, match=f"{reason}.*; it stays sealed as it came.*") as caught:
        members(zipped((entry(name), b"1")), "registers.zip")
    assert caught.value.where.startswith("registers.zip!")
    assert caught.value.where.isprintable()


@pytest.mark.parametrize("names", [("a.csv", "a.csv"), ("a/b", "a\\b")])
def test_a_name_that_stands_twice_is_refused(members, names):
    with pytest.raises(DamagedFileError, match="the archive holds 2 members named a"):
        members(zipped(*((entry(name), b"1") for name in names)))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_a_link_and_a_device_are_refused(members, kind):
    with pytest.raises(DamagedFileError, match="a link or a device"):
        members(zipped((entry("a", external_attr=(kind | 0o644) << 16), b"/etc/passwd")))


def test_an_encrypted_member_is_refused(members):
    data = bytearray(zipped(("a.csv", b"1")))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # general purpose bit 0 (APPNOTE 4.4.4)
    with pytest.raises(DamagedFileError, match=r"x\.zip!a\.csv: a member of the archive is encrypted"):
        members(bytes(data), "x.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_without_bounds_is_refused(members, method):
    with pytest.raises(DamagedFileError, match=f"compressed by method {method}, which is not read here"):
        members(zipped(("a.csv", b"1" * 1000), method=method))


def test_an_empty_archive_is_refused(members):
    with pytest.raises(DamagedFileError, match="the archive holds no file"):
        members(zipped())


def test_bombs_are_refused(members):
    zeros = b"\0" * 80 * MIB
    with pytest.raises(DamagedFileError, match="more than 200 times its size, as a zip bomb does"):
        members(zipped(("a.csv", zeros)), "bomb.zip")
    [member] = members(gzip.compress(zeros), "bomb.gz")
    assert member.head(2) == b"\0\0"
    with (
        member.open() as file,
        pytest.raises(DamagedFileError, match=r"bomb.gz: unpacks to more than 200 times"),
    ):
        while file.read(MIB):
            pass


def test_a_bomb_that_lies_about_its_size_is_refused(members):
    data = bytearray(zipped(("a.csv", b"\0" * 8 * MIB)))
    directory = data.index(b"PK\x01\x02")
    for place in (directory + 24, 22):  # uncompressed size (APPNOTE 4.4.9)
        data[place : place + 4] = (1000).to_bytes(4, "little")
    [member] = members(bytes(data), "bomb.zip")
    with pytest.raises(DamagedFileError, match="damaged"):
        contents(member)


def test_overlapping_members_are_refused(members):
    """As in the bombs of D. Fifield (A better zip bomb, WOOT 2019): many entries, one packed stream."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", b"\0" * 1000)
        first = archive.filelist[0]
        for number in range(3):
            other = entry(f"b{number}.csv")
            for name in ("CRC", "compress_size", "file_size", "header_offset"):
                setattr(other, name, getattr(first, name))
            archive.filelist.append(other)
    with pytest.raises(DamagedFileError, match="overlap, as in a zip bomb"):
        members(stream.getvalue())


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(members=1), "holds more than 1 files"),
        (Limits(directory_bytes=50), "its directory is larger than 50 bytes"),
        (Limits(archive_bytes=1999), "the archive unpacks to more than 1,999 bytes"),
        (Limits(member_bytes=999), "unpacks to more than 999 bytes"),
    ],
)
def test_each_limit_is_kept(tmp_path, limits, reason):
    vault = Vault(tmp_path / "vault", replace(limits, ratio_from=10**9))
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(("a", b"1" * 1000), ("b", b"2" * 1000)))
    with pytest.raises(DamagedFileError, match=reason):
        vault.members(vault.seal(path).sha256, "x.zip")


@pytest.mark.parametrize("cut", [1, 8, 20])
@pytest.mark.parametrize("times", [1, 1000])
def test_a_gz_that_breaks_off_is_refused_after_its_head(members, cut, times):
    data = gzip.compress(bytes(range(256)) * times)
    [member] = members(data[:-cut], "dump.sql.gz")
    assert member.head(4) == b"\0\1\2\3"
    with pytest.raises(
        DamagedFileError, match=r"dump.sql.gz: the file breaks off before its end; it stays sealed"
    ):
        contents(member)


def test_a_zip_that_breaks_off_is_refused(members):
    data = zipped(("a.csv", b"1" * 1000))
    for cut in (1, 30, len(data) - 10):
        with pytest.raises(DamagedFileError):
            members(data[:-cut], "x.zip")


def test_other_packing_is_plain(members):
    [member] = members(bz2.compress(b"1"))
    assert contents(member) == bz2.compress(b"1")


ARCHIVES = st.sampled_from(
    [
        gzip.compress(b"abc" * 50),
        zipped(("a.csv", b"abc" * 50), ("b/c.csv", b"1")),
        zipped(("a", b"x"), method=0),
    ]
)


@given(whole=ARCHIVES, data=st.data())
@settings(UNHURRIED, max_examples=120)
def test_any_damage_gives_members_or_one_sentence(tmp_path_factory, whole, data):
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 4)))
    damaged = whole[:start] + data.draw(st.binary(max_size=4)) + whole[end:]
    root = tmp_path_factory.getbasetemp() / "damage"
    root.mkdir(exist_ok=True)
    (root / "file").write_bytes(damaged)
    vault = Vault(root / "vault")
    seal = vault.seal(root / "file")
    try:
        for member in vault.members(seal.sha256, "file"):
            member.head()
            contents(member)
    except ParloirError as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)
    vault.erase(seal.sha256)
