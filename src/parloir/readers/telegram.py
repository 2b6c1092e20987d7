"""Chats as Telegram Desktop exports them (`result.json`, of one chat or all), streamed message by message."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from parloir.errors import DamagedFileError
from parloir.readers.batches import Batches
from parloir.readers.reader import Options, Part, Recognition, Tally
from parloir.readers.times import parse_moment, zone
from parloir.vault.member import Member

LARGEST_MESSAGE = 4_000_000
"""Characters of one message."""
SOURCE = "messages"
_CHUNK = 1 << 20
_BEGINNING = re.compile(r'(?<!\\)"messages"\s*:\s*\[')
_MARKS = (b'"date_unixtime"', b'"from_id"', b'"text_entities"', b'"actor_id"')
_MEDIA = ("media_type", "photo", "file", "location_information", "contact_information", "poll", "action")
"""Keys that say what a message without text is."""


@dataclass(frozen=True)
class TelegramReader:
    """One report a message."""

    format: str = "telegram"
    title: str = "Telegram Desktop export"
    tables: tuple[str, ...] = ("reports",)

    def recognise(self, member: Member) -> Recognition | None:
        """Claim JSON with the keys of messages."""
        head = member.head()
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or b'"messages"' not in head:
            return None
        found = sum(mark in head for mark in _MARKS)
        return Recognition(self.format, f"{self.title} of chats", 0.6 + 0.1 * found) if found else None

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the messages.

        Raises:
            DamagedFileError: no JSON of such an export, or truncated.
        """
        batches, number = Batches(member, SOURCE), 0
        local = zone(options.timezone)
        for number, message in enumerate(_messages(member), 1):
            moment = parse_moment(_text(message.get("date_unixtime")), local) or parse_moment(
                _text(message.get("date")), local
            )
            if moment is None:
                batches.doubt("warning", number, "no time", column="at_us", raw=str(message))
            else:
                if moment.remark:
                    batches.doubt(
                        "remark", number, moment.remark, column="at_us", raw=_text(message.get("date"))
                    )
                batches.row("reports", number, {"at_us": moment.us, **_report(message)})
            yield from batches.ready()
        yield from batches.rest()
        yield Tally({SOURCE: number})


def _report(message: dict[str, Any]) -> dict[str, str | None]:
    name, identifier = (
        _text(message.get(first) or message.get(second))
        for first, second in (("from", "actor"), ("from_id", "actor_id"))
    )
    media = next((f"{key}: {_text(message[key])}" for key in _MEDIA if message.get(key)), "")
    return {
        "report": _text(message.get("id")) or None,
        "kind": "post",
        "author": " ".join(filter(None, (name, f"({identifier})" if identifier else ""))) or None,
        "fact": _text(message.get("text")) or media or None,
    }


def _text(value: Any) -> str:
    """A text, a number, or a list of texts and formatted pieces, as one text."""
    if isinstance(value, list):
        return "".join(_text(piece) for piece in value[:10_000])
    if isinstance(value, dict):
        return _text(value.get("text", "")) if not isinstance(value.get("text"), list | dict) else ""
    text = "" if value is None else str(value)
    return text.encode("utf-8", "replace").decode()


def _messages(member: Member) -> Iterator[dict[str, Any]]:
    with member.open() as stream:
        window = _Window(stream, member)
        while window.forward_to(_BEGINNING):
            while (message := window.next_value()) is not None:
                yield message if isinstance(message, dict) else {}
        if not window.met:
            raise _damaged(member, "it has no list of messages")


class _Window:
    """The part of the text that is looked at."""

    def __init__(self, stream: BinaryIO, member: Member) -> None:
        self._stream, self._member = stream, member
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._json = json.JSONDecoder()
        self._text, self._place, self._ended, self.met = "", 0, False, False

    def _more(self) -> bool:
        octets = self._stream.read(_CHUNK)
        self._ended = self._ended or not octets
        self._text = self._text[self._place :] + self._decoder.decode(octets, self._ended)
        self._place = 0
        return bool(octets)

    def forward_to(self, pattern: re.Pattern[str]) -> bool:
        """Go behind the next match; False at the end of the file."""
        while not (found := pattern.search(self._text, self._place)):
            # A match cut in two begins within the last characters.
            self._place = max(self._place, len(self._text) - 1000)
            if not self._more():
                return False
        self._place, self.met = found.end(), True
        return True

    def next_value(self) -> Any:
        """The next value of the list, or None behind its last."""
        while True:
            while self._place < len(self._text) and self._text[self._place] in " \t\r\n,":
                self._place += 1
            if self._text[self._place : self._place + 1] == "]":
                self._place += 1
                return None
            value = self._decoded()
            if value is not _INCOMPLETE:
                return value
            if len(self._text) - self._place > LARGEST_MESSAGE:
                raise _damaged(self._member, "a message cannot be read or is larger than any")
            if not self._more():
                raise _damaged(self._member, "it ends within a list of messages")

    def _decoded(self) -> Any:
        try:
            value, self._place = self._json.raw_decode(self._text, self._place)
        except json.JSONDecodeError:
            return _INCOMPLETE
        except (ValueError, RecursionError) as error:
            raise _damaged(self._member, "a message is no JSON that can be read") from error
        return {} if value is None else value


_INCOMPLETE = object()


def _damaged(member: Member, said: str) -> DamagedFileError:
    return DamagedFileError(
        f"is not whole as an export of Telegram ({said})", where=member.file_name, do="export it again"
    )
