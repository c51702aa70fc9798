# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a weft-cli training job and says what it took. Standard library only."""
import json
import os
import statistics
import subprocess
import time


def run_ours(cli, *arguments):
    """One `weft-cli train ... --json`: wall seconds, peak resident memory, losses, speed."""
    started = time.monotonic()
    process = subprocess.Popen([cli, "train", *arguments, "--json"], stdout=subprocess.PIPE, text=True)
    events = [json.loads(line) for line in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if process.returncode:
        raise SystemExit(f"weft-cli train ended with {process.returncode}")
    steps = [e for e in events if e["type"] == "step"]
    evaluations = [e for e in events if e["type"] == "eval"]
    timed = steps[3:] or steps
    summary = {
        "program": "weft-cli",
        "steps": len(steps),
        "wall_s": round(wall, 1),
        "peak_rss_mb": round(usage.ru_maxrss / 1024),
        "step_s": round(statistics.median(e["ms"] for e in timed) / 1000, 3),
        "tokens_per_s": round(statistics.median(e["tokens_per_s"] for e in timed)),
        "first_loss": steps[0]["loss"],
        "last_loss": steps[-1]["loss"],
    }
    if evaluations:
        summary["held_out_before"], summary["held_out_after"] = evaluations[0]["loss"], evaluations[-1]["loss"]
    return summary, [e["loss"] for e in steps]
