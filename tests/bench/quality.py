#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether training in bfloat16 is as good as in float32: the hold-out loss after the same run in both, for several seeds.
One JSON line a run, then the mean difference beside the spread between the float32 seeds, which is the noise it is to be seen against.
Each seed has its own start adapter and its own order of rows; both dtypes see the same of each.
usage: quality.py WEFT_CLI MODEL DATA [--method lora] [--rank 16] [--steps 300] [--tokens 512] [--seeds 3]
"""
import argparse
import json
import os
import statistics
import tempfile

import jobs

RUN_FILE = """
[model]
path = {model}
compute = {compute}
[data]
path = {data}
holdout = 0.05
[method]
name = "{method}"
rank = {rank}
alpha = {alpha}
targets = "all-linear"
[train]
steps = {steps}
batch_tokens = {tokens}
lr = 2e-4
schedule = "cosine"
seed = {seed}
eval_every = {steps}
checkpoint_every = 0
[probe]
spectra_every = 0
"""


def held_out(cli, options, compute, seed):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.toml")
        with open(path, "w") as file:
            file.write(RUN_FILE.format(model=json.dumps(os.path.abspath(options.model)), data=json.dumps(os.path.abspath(options.data)),
                                       compute=json.dumps(compute), method=options.method, rank=options.rank, alpha=2 * options.rank,
                                       steps=options.steps, tokens=options.tokens, seed=seed))
        summary, _ = jobs.run_ours(cli, path)
    print(json.dumps({"compute": compute, "seed": seed, "method": options.method, **summary}), flush=True)
    return summary["held_out_after"]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("cli", "model", "data"):
        parser.add_argument(name)
    parser.add_argument("--method", default="lora")
    for name, value in (("rank", 16), ("steps", 300), ("tokens", 512), ("seeds", 3)):
        parser.add_argument("--" + name, type=int, default=value)
    options = parser.parse_args()
    losses = {compute: [] for compute in ("fp32", "bf16")}
    for seed in range(1, options.seeds + 1):
        for compute, found in losses.items():
            found.append(held_out(options.cli, options, compute, seed))
    differences = [b - a for a, b in zip(losses["fp32"], losses["bf16"])]
    spread = statistics.stdev(losses["fp32"]) if options.seeds > 1 else None
    print(json.dumps({"held_out": losses, "bf16_minus_fp32": differences, "mean_difference": statistics.mean(differences),
                      "standard_deviation_between_seeds": spread}), flush=True)


if __name__ == "__main__":
    main()
