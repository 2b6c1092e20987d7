"""`links` and `judge`: which records are one person, and an analyst's word on it."""

from __future__ import annotations

from typing import Annotated

import typer

from parloir import actions
from parloir.cli.options import Case, Json, Limit, RunNumber, workspace
from parloir.cli.output import out, plain, print_json, table, tell
from parloir.cli.waterfall import waterfall
from parloir.errors import InputError
from parloir.weights.bits import percent

WORDS = ("same", "different", "unsure")


def links(
    case: Case,
    of: Annotated[str | None, typer.Option("--of", help="A record: its pairs alone.")] = None,
    limit: Limit = 20,
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """List the linked pairs of records, each with its name, its weight and the last word on it."""
    found = actions.list_links(workspace(), case, run, of)
    shown = found.pairs[: limit or None]
    if as_json:
        print_json([as_pair(one) for one in shown])
        return
    rows = [
        (
            one.pair,
            percent(one.probability or 0.0),
            f"{(one.millibits or 0) / 1000:+.1f}",
            one.word,
            _ends(one),
        )
        for one in shown
    ]
    table("", ("pair", ">prob.", ">bits", "word", "~records"), rows)
    for one in found.view:
        if one.bridge:
            others = plain(", ".join(one.bridge[:5]))
            tell(f"{plain(one.key)} alone would join {others}: not taken for the same.")
    counted = f"{len(shown):,} of {len(found.pairs):,} pairs of run {found.run}"
    tell(f"[dim]{counted}. `parloir explain` says why.[/]")


def _ends(one: actions.LinkedPair) -> str:
    return f"{one.left} = {one.right}" + " (weak bridge)" * one.weak


def as_pair(one: actions.LinkedPair) -> dict[str, object]:
    """A pair for machines: its weight in bits."""
    rest = {name: value for name, value in vars(one).items() if name != "millibits"}
    return {**rest, "weight_bits": None if one.millibits is None else one.millibits / 1000}


def judge(
    case: Case,
    pair: Annotated[
        str | None,
        typer.Argument(help="Name of the pair (see links), or its two ends as SUBJECT=OBJECT."),
    ] = None,
    word: Annotated[
        str | None, typer.Argument(help="same, different, unsure, accept or reject; asked for if left out.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; a judgement is evidence.")] = "",
    next_: Annotated[bool, typer.Option("--next", help="The pair where a word says most.")] = False,
    blind: Annotated[bool, typer.Option("--blind", help="Hide the score until the word is given.")] = False,
    proposition: Annotated[
        str, typer.Option("--proposition", help="What the pair is about.")
    ] = "same_person",
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """Judge a pair. The word outlives every run and is never overridden by one."""
    if next_ == (pair is not None):
        raise InputError("there is no pair to judge", do="name one (see parloir links), or say --next")
    if word is None and proposition != "same_person":
        raise InputError("there is no word", do="say same, different, unsure, accept or reject")
    if word is None:
        _review(case, pair, run, blind=blind, as_json=as_json, reason=reason)
        return
    judged = actions.judge_link(
        workspace(), case, _link(case, str(pair), run, proposition), actions.Saying(word, reason)
    )
    if as_json:
        print_json(judged)
    else:
        _tell(judged)


def _link(case: str, pair: str, run: int | None, proposition: str) -> actions.Link:
    """The two records that a name or two ends stand for; ends of another proposition as they were written."""
    subject, equals, rest = pair.partition("=")
    if equals and proposition != "same_person":
        return actions.Link(proposition, subject, rest)
    found = actions.review_link(workspace(), case, pair, run)
    return actions.Link(proposition, found.left, found.right)


def _review(case: str, pair: str | None, run: int | None, *, blind: bool, as_json: bool, reason: str) -> None:
    """Show the two records, ask for the word, write it down; blind, the score comes last."""
    found = actions.review_link(workspace(), case, pair, run)
    if as_json:
        print_json(found if blind else {**vars(found), "link": _explained(found).link})
        return
    tell(f"Pair [bold]{found.pair}[/]; {found.waiting:,} without a word in run {found.run}")
    rows = [(one.name.replace("_", " "), one.left, one.right) for one in found.fields]
    table("", ("", f"~{found.left}", f"~{found.right}"), rows)
    if not blind:
        _show(found)
    word = typer.prompt(f"One person? ({', '.join(WORDS)})").strip()
    reason = reason or typer.prompt("Why?")
    link = actions.Link("same_person", found.left, found.right)
    _tell(actions.judge_link(workspace(), case, link, actions.Saying(word, reason, blind)))
    if blind:
        _show(found)


def _explained(found: actions.Review) -> actions.ExplainedLink:
    return actions.explain_link(workspace(), found.case, found.pair, found.run)


def _show(found: actions.Review) -> None:
    try:
        link = _explained(found).link
    except InputError:
        tell("The run keeps no link between these two.")
    else:
        show_link(link)


def show_link(link: actions.Waterfall) -> None:
    """The weight of a pair, in words and drawn."""
    tell(f"Investigative: probability {percent(link.probability)}.")
    tell(f"Evaluative: {plain(link.verbal)} ({link.weight_bits:+.1f} bits).")
    tell(plain(link.text))
    out.print(waterfall(link.findings))


def _tell(judged: actions.Judged) -> None:
    tell(f"{plain(judged.author)} says “{plain(judged.word)}”. The next weighing respects it.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("links")(links)
    app.command("judge")(judge)
