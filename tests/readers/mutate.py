"""Broken evidence: sound files changed at random, read by every reader.

Whatever the octets, a reader answers with rows and warnings that add up, or with one ParloirError. As a
program it reads so many mutated files in as many processes as there are cores, each bounded in memory and
time:

    python -m tests.readers.mutate 1000000
"""

from __future__ import annotations

import io
import multiprocessing
import random
import resource
import signal
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from parloir.errors import ParloirError
from parloir.readers import by_format, recognise

from .accounting import MemoryMember, account
from .samples import samples

MEMORY = 1 << 30
"""Octets that reading a file may take over what the process has at its start."""
SECONDS = 10
_SIGNS = (
    b"\0 \" ' '' \"\" ; , | \\ \x1a \x1f -1 1e999 NaN NULL 0x & < > ]]> ),( /* -- ` a:1:{ PAR1 99/99/9999"
)
_HARD = (
    *_SIGNS.split(b" "),
    *(b"\t", b"\n", b"\r", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"PK\x03\x04"),
    *("\u2028".encode(), "é\u0301\u202e".encode(), "٣١".encode(), b"2026-10-25 02:30"),
    *(b"<!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]>", b"&b;", b"<![CDATA["),
    *(b"9" * 25, b"(" * 300, b"x" * 5000),
)

Change = Callable[[random.Random, bytearray, bytes], None]


def _flip(chance: random.Random, octets: bytearray, _: bytes) -> None:
    octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)


def _insert(chance: random.Random, octets: bytearray, _: bytes) -> None:
    place = chance.randrange(len(octets))
    octets[place:place] = chance.choice(_HARD)


def _overwrite(chance: random.Random, octets: bytearray, _: bytes) -> None:
    hard, place = chance.choice(_HARD), chance.randrange(len(octets))
    octets[place : place + len(hard)] = hard


def _delete(chance: random.Random, octets: bytearray, _: bytes) -> None:
    place = chance.randrange(len(octets))
    del octets[place : place + chance.randrange(1, 200)]


def _repeat(chance: random.Random, octets: bytearray, _: bytes) -> None:
    place = chance.randrange(len(octets))
    piece = octets[place : place + chance.randrange(1, 300)]
    octets[place:place] = piece * chance.randrange(1, 20)


def _truncate(chance: random.Random, octets: bytearray, _: bytes) -> None:
    del octets[chance.randrange(len(octets)) + 1 :]


def _splice(chance: random.Random, octets: bytearray, other: bytes) -> None:
    place, start = chance.randrange(len(octets)), chance.randrange(len(other))
    octets[place:place] = other[start : start + chance.randrange(1, 500)]


_CHANGES: tuple[Change, ...] = (_flip, _insert, _overwrite, _delete, _repeat, _truncate, _splice)


def mutated(seed: int) -> tuple[str, bytes]:
    """A format and a broken file of it; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    known = samples()
    name = chance.choice(sorted(known))
    sound, other = chance.choice(known[name]), chance.choice(known[chance.choice(sorted(known))])
    if sound.startswith(b"PK") and chance.random() < 0.8:
        return name, _inside(chance, sound, other)
    return name, _changed(chance, sound, other)


def _changed(chance: random.Random, sound: bytes, other: bytes) -> bytes:
    octets = bytearray(sound)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        if octets:
            chance.choice(_CHANGES)(chance, octets, other)
    return bytes(octets)


def _inside(chance: random.Random, sound: bytes, other: bytes) -> bytes:
    """A workbook with one of its parts changed: on its outside nearly every change stops at a checksum."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as before, zipfile.ZipFile(stream, "w") as after:
        chosen = chance.choice(before.namelist())
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, _changed(chance, content, other) if name == chosen else content)
    return stream.getvalue()


def check(name: str, octets: bytes) -> str:
    """Recognise and read a file; what became of it in one word.

    Raises:
        AssertionError: rows do not add up.
        Exception: any other than ParloirError is a defect.
    """
    with suppress(ParloirError):
        recognise(MemoryMember(octets))
    try:
        account(by_format(name), octets)
    except ParloirError as error:
        assert "\n" not in str(error), "one sentence"
        return "refused"
    return "read"


def _work(seeds: range) -> Counter[str]:
    import parloir.readers  # noqa: F401 - what importing takes is not counted

    samples()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    resource.setrlimit(resource.RLIMIT_AS, (used + 4 * MEMORY, resource.RLIM_INFINITY))
    found: Counter[str] = Counter()
    for seed in seeds:
        signal.alarm(SECONDS)
        try:
            found[check(*mutated(seed))] += 1
        except Exception as error:  # noqa: BLE001 - every one of them is what is looked for
            found["defect"] += 1
            print(f"seed {seed}: {mutated(seed)[0]}: {type(error).__name__}: {error}", flush=True)  # noqa: T201
    signal.alarm(0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if peak > used + MEMORY:
        found["defect"] += 1
        print(f"seeds {seeds.start} to {seeds.stop}: {peak:,} octets of memory", flush=True)  # noqa: T201
    return found


def main(count: int, first: int = 0) -> int:
    """Read `count` mutated files; the number of defects."""
    step = 2000
    parts = [range(start, min(start + step, first + count)) for start in range(first, first + count, step)]
    found: Counter[str] = Counter()
    with multiprocessing.get_context("spawn").Pool(maxtasksperchild=10) as workers:
        for done in workers.imap_unordered(_work, parts):
            found += done
    print(", ".join(f"{number:,} {word}" for word, number in sorted(found.items())))  # noqa: T201
    return found["defect"]


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]))))
