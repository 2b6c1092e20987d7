from __future__ import annotations

import json

import pytest

from parloir.errors import DamagedFileError
from parloir.readers import by_format, recognise, telegram

from .accounting import MemoryMember, account, values

MESSAGES = [
    {
        "id": 7,
        "type": "message",
        "date": "2026-01-31T14:05:00",
        "date_unixtime": "1769864700",
        "from": "Zoé",
        "from_id": "user100",
        "text": ["look ", {"type": "link", "text": "https://example.test/a"}, ' "messages": [ ]'],
    },
    {"id": 8, "date": "2026-10-25T02:30:00", "actor": "Léo", "action": "create_group", "text": ""},
    {"id": 9, "text": "no time"},
    "not a message",
    {"id": 10, "date_unixtime": "1769864700", "from": None, "text": "\ud800", "photo": "p.jpg"},
]
CHAT = {"name": "Chat", "type": "private_group", "id": 1, "messages": MESSAGES}
ALL = {"about": "x", "chats": {"list": [CHAT, {"name": "empty", "messages": []}, CHAT]}}


def test_one_chat() -> None:
    octets = json.dumps(CHAT, indent=1).encode()
    assert recognise(MemoryMember(octets)).format == "telegram"
    told = account(by_format("telegram"), octets)
    first, second, third = told.rows["reports"]
    assert values(first) == {
        "report": "7",
        "kind": "post",
        "at_us": 1769864700_000000,
        "author": "Zoé (user100)",
        "fact": 'look https://example.test/a "messages": [ ]',
    }
    assert (second["author"], second["fact"]) == ("Léo", "action: create_group")
    assert (third["fact"], third["author"]) == ("?", None)
    assert [doubt["source_row"] for doubt in told.of("warning")] == [3, 4]
    assert [doubt["source_row"] for doubt in told.of("remark")] == [2]


def test_all_chats_in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "_CHUNK", 7)
    told = account(by_format("telegram"), json.dumps(ALL, ensure_ascii=True).encode())
    assert told.rows_in == {"messages": 10}
    assert [row["source_row"] for row in told.rows["reports"]] == [1, 2, 5, 6, 7, 10]


@pytest.mark.parametrize(
    "text",
    [
        '{"messages": [{"id": 1',
        '{"id": 1}',
        '{"messages": [' + "[" * 100_000,
        '{"messages": [' + "9" * 5000 + "]}",
        "",
    ],
)
def test_broken_exports_are_refused(text: str) -> None:
    with pytest.raises(DamagedFileError, match="not whole as an export of Telegram"):
        account(by_format("telegram"), text.encode())
