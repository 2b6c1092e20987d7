"""Explain a linked pair: its waterfall in words, the two records, and the rows of the sealed files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from parloir.actions.act import act
from parloir.actions.run_links import findings_of_pair, last_words, linked_pair, word_on
from parloir.actions.runs import RunFiles, run_files
from parloir.actions.source_rows import SourceRow, source_rows
from parloir.identities.words import in_one_sentence
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace
from parloir.weights.bits import verbal


@dataclass(frozen=True)
class Waterfall:
    """What was stored of a pair; the findings' millibits sum to the weight.

    Attributes:
        weight_bits: for one person against two.
        probability: with the prior and the rivals.
        verbal: the weight in the words of the scale.
        text: all findings in one sentence.
        findings: `tables.findings` as mappings, in the order of the waterfall.
    """

    pair: str
    left: str
    right: str
    weight_bits: float
    probability: float
    verbal: str
    text: str
    findings: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class ExplainedLink:
    """A linked pair, the last word on it (None where there is none) and the rows it rests on."""

    case: str
    run: int
    link: Waterfall
    judgement: dict[str, Any] | None
    rows: tuple[SourceRow, ...]


@act
def explain_link(workspace: Workspace, case: str, pair: str, run: int | None = None) -> ExplainedLink:
    """Why two records are, or are not, one person; the look is logged.

    Args:
        workspace: the open workspace.
        case: its reference.
        pair: its name, or its ends as `LEFT=RIGHT`.
        run: number of the run; the last one unless told.

    Raises:
        LawfulnessError: the person acting is not a member.
        RecordsError: the case has not been weighed.
        InputError: the run keeps no such pair.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    files = run_files(workspace, found, run)
    shown = waterfall_of(files, pair)
    log_access(workspace.actor, user, "explain_link", found, f"run {files.run.number} {shown.pair}")
    word = word_on(last_words(found), shown.left, shown.right)
    wanted = [text for finding in shown.findings for text in finding["locators"]]
    return ExplainedLink(
        case=found.reference,
        run=files.run.number,
        link=shown,
        judgement=asdict(word) if word else None,
        rows=tuple(source_rows(workspace, found, wanted)),
    )


def waterfall_of(files: RunFiles, name: str) -> Waterfall:
    """The stored waterfall of a pair: nothing is computed anew.

    Raises:
        InputError: the run keeps no such pair.
    """
    pair = linked_pair(files, name)
    findings = findings_of_pair(files, pair)
    bits = (pair.millibits or 0) / 1000
    return Waterfall(
        pair=pair.pair,
        left=pair.left,
        right=pair.right,
        weight_bits=bits,
        probability=pair.probability or 0.0,
        verbal=verbal(bits, "one person", "two people"),
        text=in_one_sentence((f["sentence"], f["millibits"] / 1000) for f in findings),
        findings=tuple(findings),
    )
