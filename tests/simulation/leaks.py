"""What somebody could learn from codes, places and gaps alone."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict


def auc(features: np.ndarray, outcome: np.ndarray, seed: int = 0) -> float:
    """Of a forest, cross-validated; classes of equal size, 2,000 rows of each at most."""
    rng = np.random.default_rng(seed)
    true, false = np.flatnonzero(outcome), np.flatnonzero(~outcome)
    size = min(true.size, false.size, 2000)
    rows = rng.permutation(
        np.concatenate([rng.choice(true, size, replace=False), rng.choice(false, size, replace=False)])
    )
    trees = RandomForestClassifier(40, min_samples_leaf=25, random_state=0, n_jobs=1)
    said = cross_val_predict(trees, features[rows], outcome[rows], cv=4, method="predict_proba")[:, 1]
    return float(roc_auc_score(outcome[rows], said))


def allowed(outcome: np.ndarray) -> float:
    """How far an AUC may lie from one half: .03, or three standard errors (Hanley and McNeil 1982) where
    there are few."""
    few = max(1, min(int(outcome.sum()), int((~outcome).sum()), 2000))
    return max(0.03, 3 / float(np.sqrt(6 * few)))


def digits(values: np.ndarray) -> np.ndarray:
    """A code whole and by its last digits: what somebody would look at."""
    return np.stack([values, values % 10, values % 97, values % 1000, values // 1000 % 1000], axis=1)


def sheet(path: Path) -> list[dict[str, str]]:
    """The rows of a delimited file of any office, with the place of each under `place`, from 0 to 1."""
    raw = path.read_bytes()
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    delimiter = max(";,\t", key=text.split("\n", 1)[0].count)
    rows = list(csv.DictReader(text.splitlines(), delimiter=delimiter))
    return [{**row, "place": str(k / len(rows))} for k, row in enumerate(rows)]


def value(row: dict[str, str], *names: str) -> str:
    """The field with the first of some headers that there is."""
    return next(row[name] for name in names if name in row)


def traits(rows: list[dict[str, str]], codes: tuple[str, ...], told: tuple[str, ...] = ()) -> np.ndarray:
    """Place, codes by their digits, and which fields are empty; not the gaps of fields that tell lawfully."""
    place = np.array([float(row["place"]) for row in rows])
    parts = [place]
    for name in codes:
        parts.extend(digits(np.array([int(row.get(name) or -1) for row in rows])).T)
    shown = [name for name in rows[0] if name not in told]
    parts.extend(np.array([row.get(name) in ("", None) for row in rows]) for name in shown)
    return np.column_stack(parts).astype(float)
