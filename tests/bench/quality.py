#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether training in bfloat16 is as good as in float32: the hold-out loss after the same run in both, for several seeds.
One JSON line a run, then the mean difference beside the spread between the float32 seeds, which is the noise it is to be seen against.
Each seed has its own start adapter and its own order of rows; both dtypes see the same of each.
usage: quality.py WEFT_CLI RUN.toml [--steps 300] [--tokens 512] [--seeds 3] [--set method.name=dora ...]   (RUN.toml: the sample's, for one)
"""
import argparse
import json
import statistics

import jobs


def held_out(options, compute, seed):
    settings = [f"model.compute={compute}", f"train.seed={seed}", f"train.steps={options.steps}", f"train.batch_tokens={options.tokens}",
                f"train.eval_every={options.steps}", "train.checkpoint_every=0", "probe.spectra_every=0", *options.set]
    summary, _ = jobs.run_ours(options.cli, options.run_file, *(part for setting in settings for part in ("--set", setting)))
    print(json.dumps({"compute": compute, "seed": seed, **summary}), flush=True)
    return summary["held_out_after"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("cli", "run_file"):
        parser.add_argument(name)
    for name, value in (("steps", 300), ("tokens", 512), ("seeds", 3)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--set", action="append", default=[], help="another setting of the run file, for both")
    options = parser.parse_args()
    losses = {compute: [] for compute in ("fp32", "bf16")}
    for seed in range(1, options.seeds + 1):
        for compute, found in losses.items():
            found.append(held_out(options, compute, seed))
    differences = [b - a for a, b in zip(losses["fp32"], losses["bf16"])]
    spread = statistics.stdev(losses["fp32"]) if options.seeds > 1 else None
    print(json.dumps({"held_out": losses, "bf16_minus_fp32": differences, "mean_difference": statistics.mean(differences),
                      "standard_deviation_between_seeds": spread}), flush=True)


if __name__ == "__main__":
    main()
