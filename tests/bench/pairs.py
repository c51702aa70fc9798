#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ours against Python PEFT, from the same start on the same rows: A B A B, one JSON line a run and one a cell with the median of the pairs'
ratios and their range. First ours against itself: on a machine whose own ratio leaves 0.97 to 1.03 no ratio is worth a claim, and the script
ends with 3. Nothing else should run beside it; `others` says how much did.
usage: pairs.py WEFT_CLI MODEL.gguf PYTHON MODEL_FOLDER [--data SAMPLE | --rows 256=FILE --rows 512=FILE] [options]
"""
import argparse
import json
import os
import statistics
import sys
import tempfile
import time

import jobs

QUIET = (0.97, 1.03)
SAME_LOSS = 2e-3  # over the first 20 steps in float32: both sum in their own order; a wrong gradient shows a hundredfold


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("cli")
    p.add_argument("model", help="what ours trains: GGUF or Hugging Face folder")
    p.add_argument("python", help="of the environment with PEFT")
    p.add_argument("theirs", help="the same model as a float32 Hugging Face folder")
    p.add_argument("--data", help="a data set to cut into rows of each length")
    p.add_argument("--rows", action="append", default=[], metavar="LENGTH=FILE", help="token rows of one length (input_ids, labels)")
    p.add_argument("--padding", type=int, metavar="ID", help="the rows end in this token without a label: theirs computes it, ours gets the rows "
                                                             "without it, and what counts is the time of the same rows")
    p.add_argument("--methods", default="lora,dora")
    p.add_argument("--ranks", default="8,16")
    p.add_argument("--batches", default="4x256,1x512")
    p.add_argument("--compute", default="fp32", help="of ours: fp32, bf16 or auto")
    p.add_argument("--peft", default="", help="options of main_job_peft.py: '--dtype bfloat16', '--autocast'")
    p.add_argument("--pairs", type=int, default=7)
    p.add_argument("--self-pairs", type=int, default=3, help="of the check of ours against ours, in the first cell; 0: none")
    p.add_argument("--steps", type=int, default=12)
    return p.parse_args()


def machine_times():
    f = list(map(int, open("/proc/stat").readline().split()[1:9]))  # user nice system idle iowait irq softirq steal
    own = os.times()
    ticks = os.sysconf("SC_CLK_TCK")
    return (f[0] + f[1] + f[2] + f[5] + f[6] + f[7]) / ticks, own.user + own.system + own.children_user + own.children_system, time.monotonic()


class Others:
    """The share of all cores that others used since it was made."""

    def __init__(self):
        self.before = machine_times()

    def share(self):
        busy, own, wall = (b - a for a, b in zip(self.before, machine_times()))
        return round(max(0.0, busy - own) / (os.cpu_count() * wall), 3)


def emit(**line):
    print(json.dumps(line), flush=True)


def spread(values):
    return {"median": round(statistics.median(values), 3), "min": round(min(values), 3), "max": round(max(values), 3)}


def without_padding(data, padding, out):
    """The rows without the tokens at their end that are only there to make them equally long."""
    with open(data) as source, open(out, "w") as target:
        for row in map(json.loads, source):
            ids, labels = row["input_ids"], row["labels"]
            while ids and ids[-1] == padding and labels[-1] == -100:
                ids.pop(), labels.pop()
            print(json.dumps({"input_ids": ids, "labels": labels}), file=target)
    return out


class Cell:
    def __init__(self, a, data, method, rank, rows, length, folder):
        self.a, self.data, self.rows = a, data, rows
        self.name = {"method": method, "rank": rank, "batch": f"{rows}x{length}"}
        self.run_file = os.path.join(folder, f"{method}-{rank}-{rows}x{length}.toml")
        self.init = os.path.join(folder, f"init-{method}-{rank}-{rows}x{length}")
        with open(self.run_file, "w") as f:
            own = data if a.padding is None else without_padding(data, a.padding, os.path.join(folder, f"unpadded-{length}.jsonl"))
            f.write(jobs.run_file_text(a.model, own, method=method, rank=rank, rows=rows, length=length, steps=a.steps, compute=a.compute))

    def ours(self):
        start = ["--init-adapter", self.init] if os.path.isdir(self.init) else ["--save-init", self.init]
        return self.report(*jobs.run_ours(self.a.cli, self.run_file, *start))

    def theirs(self):
        return self.report(*jobs.run_peft(self.a.python, self.a.theirs, self.data, self.init, rows=self.rows, steps=self.a.steps, more=self.a.peft.split()))

    def report(self, summary, losses):
        emit(job="run", **self.name, **summary)
        return summary, losses

    def against_itself(self):
        self.ours()  # writes the start, and warms the machine's caches
        ratios = [self.ours()[0]["tokens_per_s"] / self.ours()[0]["tokens_per_s"] for _ in range(self.a.self_pairs)]
        emit(job="ours against ours", **self.name, tokens_per_s=spread(ratios))
        return QUIET[0] <= statistics.median(ratios) <= QUIET[1]

    def pairs(self):
        if not os.path.isdir(self.init):
            self.ours()
        ratios = {"tokens_per_s" if self.a.padding is None else "rows_per_s": [], "peak_rss_mb": [], "start_s": []}
        worst = 0.0
        others = Others()
        for _ in range(self.a.pairs):
            (mine, losses), (other, their_losses) = self.ours(), self.theirs()
            for key, values in ratios.items():
                values.append(other["mean_step_s"] / mine["mean_step_s"] if key == "rows_per_s" else mine[key] / other[key])
            worst = max(worst, max(abs(x - y) for x, y in zip(losses[:20], their_losses[:20], strict=True)))
        emit(job="pairs", **self.name, pairs=self.a.pairs, rival=other["program"], rival_options=self.a.peft, compute=self.a.compute,
             **{key + "_ratio": spread(values) for key, values in ratios.items()}, largest_loss_difference=worst, others=others.share())
        return worst


def main():
    a = arguments()
    rows = dict((int(length), path) for length, path in (r.split("=", 1) for r in a.rows))
    with tempfile.TemporaryDirectory() as folder:
        cells = []
        for batch in a.batches.split(","):
            count, length = map(int, batch.split("x"))
            if length not in rows:
                if not a.data:
                    raise SystemExit(f"no rows of {length} tokens: --rows {length}=FILE, or --data")
                rows[length] = jobs.token_rows(a.cli, a.data, a.model, length, os.path.join(folder, f"rows-{length}.jsonl"))
            cells += [Cell(a, rows[length], method, int(rank), count, length, folder) for method in a.methods.split(",") for rank in a.ranks.split(",")]
        quiet = not a.self_pairs or cells[0].against_itself()
        worst = max(cell.pairs() for cell in cells)
    if worst > SAME_LOSS and a.compute == "fp32" and not a.peft:
        raise SystemExit(f"the losses differ by {worst}: these are not the same runs")
    if not quiet:
        print("ours against ours left 0.97 to 1.03: the machine was not quiet enough for a claim", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
