#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the instructions of every kernel on small fixed shapes with callgrind and compares them with instruction_counts.json: a kernel
that needs over 5 % more fails, on however noisy a machine. Counts are those of one compiler; another one skips (exit 77).
usage: instruction_guard.py KERNEL_GUARD COMPILER [--update]   (--update writes the counts of this build)
"""
import json
import os
import re
import shutil
import subprocess
import sys

COUNTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instruction_counts.json")
SETS = ("plain", "avx2")  # valgrind knows no AVX-512
ALLOWED = 1.05
SKIPPED = 77


def skip(why):
    print("skipped: " + why)
    sys.exit(SKIPPED)


def count(program, kernels, case):
    reply = subprocess.run(["valgrind", "--tool=callgrind", "--toggle-collect=weft_counted", "--callgrind-out-file=/dev/null", program, kernels, case],
                           capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", reply.stderr)
    if reply.returncode or not found:
        raise SystemExit(f"{kernels} {case}: callgrind ended with {reply.returncode}: {reply.stderr[-500:]}")
    return int(found.group(1))


def main():
    program, compiler, *more = sys.argv[1:]
    if not shutil.which("valgrind"):
        skip("valgrind is not installed; ./run installs it with the other Debian packages")
    stored = json.load(open(COUNTS)) if os.path.exists(COUNTS) else {"compiler": compiler, "counts": {}}
    if stored["compiler"] != compiler and "--update" not in more:
        skip(f"the counts are those of {stored['compiler']}, this build is of {compiler}")
    offered = [line.split() for line in subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()]
    counts = {f"{kernels} {case}": count(program, kernels, case) for kernels, case in offered if kernels in SETS}
    if "--update" in more:
        with open(COUNTS, "w") as f:
            json.dump({"compiler": compiler, "counts": counts}, f, indent=1)
            f.write("\n")
        return
    failures = []
    for name, now in counts.items():
        before = stored["counts"].get(name)
        print(f"{name}: {now}" + (f" ({now / before - 1:+.1%})" if before else " (not counted before)"))
        if not before:
            failures.append(f"{name} has no stored count")
        elif now > ALLOWED * before:
            failures.append(f"{name} needs {now} instructions, {before} before")
    if failures:
        raise SystemExit("; ".join(failures) + f". If that is meant: {os.path.basename(__file__)} KERNEL_GUARD COMPILER --update, and say why in the commit")


if __name__ == "__main__":
    main()
