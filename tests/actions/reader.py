"""A reader for tests, whose file says in words what it yields."""

from __future__ import annotations

from collections.abc import Iterator

from parloir.errors import DamagedFileError
from parloir.readers.reader import Doubts, Options, Part, Recognition, Rows, Tally
from parloir.tables import VISITORS, VISITS, WARNINGS
from parloir.vault import Member

TITLE = b"words\n"


class WordsReader:
    """Yields a part for each word."""

    format = "words"
    title = "Words"
    tables = ("visits", "visitors")

    def recognise(self, member: Member) -> Recognition | None:
        """Claim files that start with the title."""
        return Recognition("words", "words\0of a test", 1.0) if member.head(6) == TITLE else None

    def read(self, member: Member, options: Options) -> Iterator[Part]:  # noqa: ARG002 - a reader's signature
        """One part a word."""
        with member.open() as file:
            words = file.read().decode().split()[1:]
        for row, word in enumerate(words, 1):
            yield from self._parts(member, word, row)
        yield Tally({"words": sum(word != "derived" for word in words)}, {"rest": 2}, {"names": 3})

    def _parts(self, member: Member, word: str, row: int) -> Iterator[Part]:
        place = member.locator("words", row)
        located = {
            "evidence": place.evidence,
            "member": place.member,
            "source_table": place.table,
            "source_row": place.row,
        }
        if word == "broken":
            raise DamagedFileError("the file breaks off", where=member.file_name, do="ask for a whole copy")
        if word in ("good", "doubtful", "derived", "early"):
            started = 0 if word == "early" else None
            batch = VISITS.batch([{"visit": f"V{row}", "started_us": started, **located}])
            yield Rows("visits", batch, primary=word != "derived")
        if word in ("early", "good"):
            named = VISITORS.batch([{"visitor": f"A{row}", "numbers": [33199000000], **located}])
            yield Rows("visitors", named, primary=False)
        if word in ("bad", "doubtful", "early"):
            doubt = {"severity": "warning" if word == "bad" else "remark", "reason": "said so", "raw": word}
            yield Doubts(WARNINGS.batch([{**doubt, **located}]))
