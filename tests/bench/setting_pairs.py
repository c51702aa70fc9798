#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of ours against the same run with other settings, A B A B: the ratios of time and peak memory, other over first, as one JSON line. The
run file decides all that is not set: a method against LoRA, spectra against none, one policy of activations against another.
usage: setting_pairs.py WEFT_CLI RUN.toml --set method.name=dora [--set ...] [--base method.name=lora ...] [--pairs 7]
"""
import argparse

import jobs
from pairs import Others, emit, spread


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("run_file")
    parser.add_argument("--base", action="append", default=[], help="a setting of both runs")
    parser.add_argument("--set", action="append", default=[], help="a setting of the second run; none: the machine against itself")
    parser.add_argument("--pairs", type=int, default=7)
    a = parser.parse_args()

    def run(settings):
        summary, _ = jobs.run_ours(a.cli, a.run_file, *(part for s in settings for part in ("--set", s)))
        summary["from_first_step_s"] = summary["wall_s"] - summary["start_s"]  # with all that is done between steps
        emit(job="run", settings=settings, **summary)
        return summary

    keys = ("step_s", "from_first_step_s", "peak_rss_mb", "start_s")
    ratios = {key: [] for key in keys}
    run(a.base)  # warms the machine's caches
    others = Others()
    for _ in range(a.pairs):
        first, second = run(a.base), run(a.base + a.set)
        for key in keys:
            ratios[key].append(second[key] / first[key])
    emit(job="pairs", base=a.base, set=a.set, pairs=a.pairs, **{key + "_ratio": spread(v) for key, v in ratios.items()}, others=others.share())


if __name__ == "__main__":
    main()
