#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not training, against the scripts of a folder of rivals, A B A B: one JSON line a run and one a job with the median of the pairs'
ratios and their range.
  floor   theirs / ours: a step of ours over floor.py, the same products and attention alone (fp32 and bf16)
  merge   ours / theirs: loading, merging and writing the whole model, whole process: time and peak memory (peft_merge.py)
  start   ours / theirs: PiSSA over the whole model: ours from the start of the process to the first step, less the same of a plain start;
          theirs get_peft_model alone (svd_init.py, pissa_niter_16)
usage: rival_pairs.py WEFT_CLI MODEL.gguf PYTHON MODEL_FOLDER RIVALS_FOLDER [--jobs floor,merge,start] [--rows 512=FILE ...] [--pairs 7]
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import jobs
from pairs import Others, emit, spread


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("cli", "model", "python", "theirs", "rivals"):
        parser.add_argument(name)
    parser.add_argument("--jobs", default="floor,merge,start")
    parser.add_argument("--rows", action="append", default=[], metavar="LENGTH=FILE", help="token rows of one length (input_ids, labels)")
    parser.add_argument("--batches", default="4x256,1x512", help="of the floor")
    parser.add_argument("--computes", default="fp32,bf16", help="of the floor")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--steps", type=int, default=9)
    a = parser.parse_args()
    rows = dict((int(length), os.path.abspath(path)) for length, path in (r.split("=", 1) for r in a.rows))

    def theirs(script, *options):
        lines, peak = jobs.run_process([a.python, os.path.join(a.rivals, script), *options])
        reply = json.loads(lines[-1][1])
        emit(job="run", program=script, peak_process_mb=round(peak / 2**20), **reply)
        return reply

    def train(folder, batch, compute, *settings):
        count, length = map(int, batch.split("x"))
        run_file = os.path.join(folder, f"{batch}-{compute}.toml")
        with open(run_file, "w") as f:
            f.write(jobs.run_file_text(a.model, rows[length], rank=a.rank, rows=count, length=length, steps=a.steps, compute=compute))
        summary, _ = jobs.run_ours(a.cli, run_file, *(part for s in settings for part in ("--set", s)))
        emit(job="run", batch=batch, compute=compute, settings=settings, **summary)
        return summary

    def pairs(job, one, **name):
        others, found = Others(), {}
        for _ in range(a.pairs):
            for key, value in one().items():
                found.setdefault(key, []).append(value)
        emit(job=job, **name, pairs=a.pairs, **{key: spread(values) for key, values in found.items()}, others=others.share())

    def floor(folder):
        for compute in a.computes.split(","):
            for batch in a.batches.split(","):
                count, length = batch.split("x")
                dtype = {"fp32": "float32", "bf16": "bfloat16"}[compute]

                def one():
                    own = train(folder, batch, compute)
                    other = theirs("floor.py", "--config", a.theirs, "--batch", count, "--seq", length, "--dtype", dtype, "--steps", "4")
                    return {"share_of_floor": other["step_s"] / own["step_s"]}

                pairs("floor", one, batch=batch, compute=compute, rank=a.rank)

    def merge(folder):
        adapter = os.path.join(folder, "init")
        with open(os.path.join(folder, "one.toml"), "w") as f:
            length = min(rows)
            f.write(jobs.run_file_text(a.model, rows[length], rank=a.rank, length=length, steps=1))
        subprocess.run([a.cli, "train", os.path.join(folder, "one.toml"), "--save-init", adapter, "--quiet"], check=True)

        def clear():
            subprocess.run(["find", folder, "-name", "*.safetensors", "-size", "+100M", "-delete"], check=True)  # half a GiB a run
            os.sync()  # nobody waits for what the other wrote

        def one():
            own = [a.cli, "export", adapter, "--base", a.theirs, "--format", "merged", "--dtype", "fp32", "--out"]
            other = theirs("peft_merge.py", "--model", a.theirs, "--adapter", adapter, "--repeat", "1", "--out", tempfile.mkdtemp(dir=folder))
            clear()
            began = time.monotonic()
            _, peak = jobs.run_process([*own, tempfile.mkdtemp(dir=folder)])
            seconds = time.monotonic() - began
            emit(job="run", program="export", seconds=round(seconds, 3), peak_rss_mb=round(peak / 2**20))
            clear()
            their_seconds = other["total_from_exec_s"] - 2 * other["merge_and_unload_s"]  # it merges twice and takes off once; the first is the slow one
            return {"time_ratio": seconds / their_seconds, "memory_ratio": peak / 2**20 / other["peak_rss_mb"]}

        pairs("merge", one, rank=a.rank)

    def start(folder):
        batch = f"1x{min(rows)}"

        def one():
            plain = train(folder, batch, "fp32", "train.steps=1")["start_s"]
            own = train(folder, batch, "fp32", "train.steps=1", "method.start=pissa")["start_s"]
            other = theirs("svd_init.py", "--model", a.theirs, "--rank", str(a.rank), "--niter", "16", "--no-error")["seconds"]
            return {"ratio": (own - plain) / other, "ratio_of_whole_start": own / other}

        pairs("start", one, rank=a.rank)

    with tempfile.TemporaryDirectory() as folder:
        for job in a.jobs.split(","):
            {"floor": floor, "merge": merge, "start": start}[job](folder)


if __name__ == "__main__":
    sys.exit(main())
