# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a training job in weft-cli or Python PEFT and says what it took. Standard library only."""
import json
import os
import statistics
import subprocess
import sys
import time

WARMUP = 3  # steps left out of medians

RUN_FILE = """
[model]
path = {model}
compute = {compute}
[data]
path = {data}
format = "tokens"
max_length = {length}
pack = false
shuffle = false
holdout = 0.0
[method]
name = "{method}"
rank = {rank}
alpha = {alpha}
targets = "all-linear"
[train]
steps = {steps}
batch_size = {rows}
lr = 2e-4
schedule = "constant"
warmup = 0.0
grad_clip = 1.0
seed = 1
eval_every = 0
checkpoint_every = 0
[probe]
spectra_every = 0
"""


def run_file_text(model, data, *, method="lora", rank=16, rows=1, length=512, steps=60, compute="fp32"):
    return RUN_FILE.format(model=json.dumps(os.path.abspath(model)), data=json.dumps(os.path.abspath(data)), compute=json.dumps(compute),
                           method=method, rank=rank, alpha=2 * rank, rows=rows, length=length, steps=steps)


def run_process(command):
    """Lines of its output with the seconds since its start, then its peak resident memory in bytes."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    lines = [(time.monotonic() - started, line) for line in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:3])} ... ended with {process.returncode}")
    return lines, usage.ru_maxrss * 1024


def summary_of(program, seconds, tokens, peak, start, losses, wall):
    timed = seconds[WARMUP:] or seconds
    step = statistics.median(timed)
    return {
        "program": program,
        "steps": len(seconds),
        "wall_s": round(wall, 3),
        "peak_rss_mb": round(peak / 2**20),
        "step_s": round(step, 4),
        "mean_step_s": round(statistics.fmean(timed), 4),  # of batches that differ in length, the same ones on both sides
        "step_min_s": round(min(timed), 4),
        "step_max_s": round(max(timed), 4),
        "tokens_per_s": round(tokens / step, 1),
        "start_s": round(start, 3),  # from the start of the process to the beginning of the first step
        "first_loss": losses[0],
        "last_loss": losses[-1],
    }


def run_ours(cli, *arguments):
    """One `weft-cli train ... --json`: time, peak resident memory, losses, speed."""
    started = time.monotonic()
    lines, peak = run_process([cli, "train", *arguments, "--json"])
    wall = time.monotonic() - started
    events = [(at, json.loads(line)) for at, line in lines]
    steps = [e for _, e in events if e["type"] == "step"]
    evaluations = [e for _, e in events if e["type"] == "eval"]
    begin = next(at for at, e in events if e["type"] == "state" and e["state"] == "running")
    losses = [e["loss"] for e in steps]
    summary = summary_of("weft-cli", [e["ms"] / 1000 for e in steps], steps[-1]["tokens"], peak, begin, losses, wall)
    if evaluations:
        summary["held_out_before"], summary["held_out_after"] = evaluations[0]["loss"], evaluations[-1]["loss"]
        summary["held_out_accuracy_before"], summary["held_out_accuracy_after"] = evaluations[0]["accuracy"], evaluations[-1]["accuracy"]
    return summary, losses


def run_peft(python, model, data, init, *, rows=1, steps=60, more=()):
    """The same job in main_job_peft.py, from the adapter in `init`."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "main_job_peft.py")
    started = time.monotonic()
    lines, peak = run_process([python, script, model, data, init, "--rows", str(rows), "--steps", str(steps), *more])
    wall = time.monotonic() - started
    reply = json.loads(lines[-1][1])
    return summary_of(reply["program"], reply["seconds"], reply["tokens"], peak, reply["start_s"], reply["losses"], wall), reply["losses"]


def token_rows(cli, data, model, length, out):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "token_rows.py")
    subprocess.run([sys.executable, script, cli, data, model, str(length), out], check=True)
    return out
