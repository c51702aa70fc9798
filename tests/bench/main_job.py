#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job: the sample run (60 steps of rank-16 LoRA, 512 tokens a step). One JSON line: wall time, hold-out loss before
and after, peak resident memory. Fails when it takes over three minutes or the hold-out loss is not clearly lower.
usage: main_job.py WEFT_CLI RUN.toml
"""
import json
import sys

import jobs


def main():
    cli, run_file = sys.argv[1:3]
    summary, _ = jobs.run_ours(cli, run_file)
    print(json.dumps({"job": "main", **summary}), flush=True)
    if summary["wall_s"] > 180:
        raise SystemExit("the main job took over three minutes")
    if not summary["held_out_after"] < summary["held_out_before"] - 0.02:
        raise SystemExit("the hold-out loss is not clearly lower at the end")


if __name__ == "__main__":
    main()
