"""How worlds are measured: each in a process of its own, each once."""

from __future__ import annotations

import json
from pathlib import Path

from parloir.trials import validate
from parloir.trials.tried import everything, place_of
from parloir.trials.validate import Trial
from parloir.trials.weighed import Setting


def test_what_was_measured_before_is_told_in_order(tmp_path: Path) -> None:
    settings = [Setting("few", seed, drawn=101) for seed in (5, 6)]
    for setting in settings:
        file = place_of(setting, tmp_path, everything())
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"spent": setting.seed}), encoding="utf-8")
    trials = [Trial(setting, lambda _report, _found: None) for setting in (*settings, settings[0])]
    found = [plain["spent"] for _, plain in validate._measured(trials, tmp_path, 1)]
    assert found == [5, 6, 5]
