"""A file seen through a window of bounded size, in which tokens are never cut in two."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from parloir.errors import DamagedFileError
from parloir.readers.sql import charsets
from parloir.readers.sql.grammar import INSIDE_QUOTES, SKIPPED

CHUNK = 1 << 20
"""Octets read at a time."""
LONGEST_ROW = 1 << 24
"""Octets of one row. MySQL's mediumtext holds as many, and no table that is read here holds more."""
LOOKAHEAD = 1 << 16
"""Octets that the head of a statement, its column list included, may take."""


class Window:
    """Octets of a stream from the place reached on.

    Attributes:
        data: what is held.
        at: the place reached in `data`.
        ended: whether `data` reaches to the end of the stream.
    """

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self.data = b""
        self.at = 0
        self.ended = False
        self._stream, self._where = stream, where
        self._begun = False
        self._decoder: codecs.IncrementalDecoder | None = None

    @property
    def held(self) -> int:
        """Octets from the place reached to the end of what is held."""
        return len(self.data) - self.at

    def more(self) -> bool:
        """Read on, forgetting what was passed; False at the end of the stream.

        Raises:
            DamagedFileError: as much as one row may take is held already.
        """
        if self.ended:
            return False
        if self.held > LONGEST_ROW:
            raise DamagedFileError(
                f"has a row, a name or a comment that takes more than {LONGEST_ROW:,} octets or never ends",
                where=self._where,
                do="ask for a whole copy of the dump",
            )
        chunk = self._stream.read(CHUNK)
        self.ended = not chunk
        if not self._begun:
            self._begun, self._decoder = True, charsets.unicode_decoder(chunk)
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
        if self._decoder:
            chunk = self._decoder.decode(chunk, self.ended).encode()
        self.data = self.data[self.at :] + chunk
        self.at = 0
        return not self.ended

    def ahead(self, size: int = 0) -> None:
        """Hold at least so much (the head of a statement unless told), or all that is left."""
        while self.held < (size or LOOKAHEAD) and self.more():
            pass

    def transcode(self, charset: str) -> bool:
        """Read on in UTF-8 where octets of a character set cannot be cut before they are decoded."""
        decoder = charsets.shifted(charset)
        if decoder is None:
            return False
        self.data, self.at = decoder.decode(self.data[self.at :]).encode(), 0
        self._decoder = decoder
        return True

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """A pattern at the place reached, its end kept from falling into the middle of a token."""
        return pattern.match(self.data, self.at, self._safe_end())

    def _safe_end(self) -> int:
        """After a line feed or a comma no token goes on but strings and comments, which patterns see."""
        end = len(self.data)
        if self.ended:
            return end
        return max(self.data.rfind(b"\n", self.at), self.data.rfind(b",", self.at)) + 1 or end

    def pass_statement(self) -> bool:
        """Go behind the next semicolon that is in no string or comment; False when the stream ends before."""
        while True:
            ended = self.ended
            match = self.match(SKIPPED)
            self.at = match.end() if match else self.at
            if self.data[self.at : self.at + 1] == b";":
                self.at += 1
                return True
            if self.held > CHUNK and self.data[self.at : self.at + 1] in INSIDE_QUOTES:
                if not self._pass_string():
                    return False
            elif ended:
                return False
            else:
                self.more()

    def _pass_string(self) -> bool:
        """Go behind a string that is longer than the window ought to be."""
        quote = self.data[self.at : self.at + 1]
        self.at += 1
        while True:
            match = INSIDE_QUOTES[quote].match(self.data, self.at)
            self.at = match.end() if match else self.at
            if self.held >= 2:
                # Not matched by the pattern, so it is the closing quote.
                self.at += 1
                return True
            if not self.more():
                return False
