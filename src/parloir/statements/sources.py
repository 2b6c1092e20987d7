"""From a finding's locators to what a reader can check: sealed file, member, table, rows as read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parloir.provenance import Locator
from parloir.statements.context import EvidenceItem, ReportContext
from parloir.statements.wording import readable, row_numbers

ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class RowView:
    """One source row: its number and its values in the order of `SourceView.columns`."""

    number: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """The rows of one table of one sealed file.

    Attributes:
        sha256: of the sealed file.
        item: what is known of the file, None when the context does not hold it.
        member: file inside the archive, or empty.
        table: table, sheet or element, or empty.
        numbers: every row rested on, runs drawn together.
        count: how many rows.
        columns: names of the values shown.
        rows: at most `ROWS_SHOWN` rows whose values are at hand and not shown before.
        before: rows whose values were shown before, under another finding of the same lead.
    """

    sha256: str
    item: EvidenceItem | None
    member: str
    table: str
    numbers: str
    count: int
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]
    before: int


def source_views(locators: Iterable[str], context: ReportContext, shown: set[str]) -> tuple[SourceView, ...]:
    """Group locators by sealed file, member and table; sorted.

    Args:
        locators: of one finding.
        context: files and values.
        shown: locators whose values stand further up; grows by those shown here.

    Raises:
        InputError: a text that is no locator.
    """
    groups: dict[tuple[str, str, str], list[Locator]] = defaultdict(list)
    for text in sorted(set(locators)):
        locator = Locator.parse(text)
        groups[locator.evidence, locator.member, locator.table].append(locator)
    return tuple(_source(sorted(groups[key]), context, shown) for key in sorted(groups))


def _source(locators: Sequence[Locator], context: ReportContext, shown: set[str]) -> SourceView:
    first, before = locators[0], sum(str(locator) in shown for locator in locators)
    at_hand = [locator for locator in locators if str(locator) in context.rows and str(locator) not in shown]
    known = at_hand[:ROWS_SHOWN]
    shown.update(map(str, known))
    columns = tuple(dict.fromkeys(name for locator in known for name in context.rows[str(locator)]))
    rows = tuple(_row(locator, columns, context) for locator in known)
    return SourceView(
        sha256=first.evidence,
        item=context.evidence.get(first.evidence),
        member=first.member,
        table=first.table,
        numbers=row_numbers(locator.row for locator in locators),
        count=len(locators),
        columns=columns,
        rows=rows,
        before=before,
    )


def _row(locator: Locator, columns: Sequence[str], context: ReportContext) -> RowView:
    values = context.rows[str(locator)]
    return RowView(locator.row, tuple(readable(name, values.get(name, "")) for name in columns))
