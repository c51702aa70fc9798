#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the window on a display of its own (Xvfb), beside a real training run at full load in another process; prints a table of what was
got and what is to be reached, and ends with 1 where one was missed. Every line that window_bench prints goes to --log as it is.
usage: window_figures.py BIN_FOLDER [--only frames,clicks] [--project FILE.weft] [--log FILE] [--pictures FOLDER]
"""
import argparse
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, "..", "..", "resources", "samples")
STORY = os.path.join(HERE, "..", "data", "data_sets", "story.txt")
STORIES = os.path.join(HERE, "..", "data", "models", "stories260k", "stories260K-f32.gguf")
SCREEN = "1600x1000x24"
STARTS = 9


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("bin", help="folder of weft, weft-cli, window_bench and project_bench")
    p.add_argument("--only", default=",".join(PARTS), help="of: " + ", ".join(PARTS))
    p.add_argument("--model", default=os.environ.get("WEFT_SAMPLE_MODEL", os.path.join(os.environ.get("WEFT_CACHE", os.path.expanduser("~/.cache/weft")), "models",
                                                                                       "SmolLM2-135M-Instruct.Q4_1.gguf")))
    p.add_argument("--project", help="where the large project lies, or is made (2 GB, some minutes); without it that figure is left out")
    p.add_argument("--pairs", type=int, default=20, help="of steps with the Live page open and gone, of the sample model; four times as many of the small one")
    p.add_argument("--log", help="file for every line of every part")
    p.add_argument("--pictures", help="folder for pictures of the chart with a million points")
    return p.parse_args()


class Bench:
    def __init__(self, a, folder):
        self.a, self.folder, self.rows, self.run_file = a, folder, [], os.path.join(folder, "load.toml")
        self.data = os.path.join(SAMPLES, "dolly-300.jsonl")
        self.environment = dict(os.environ, QT_QPA_PLATFORM="xcb", XDG_CONFIG_HOME=os.path.join(folder, "config"), XDG_DATA_HOME=os.path.join(folder, "data"), LANG="C.UTF-8")
        self.log = open(a.log, "a") if a.log else None
        with open(self.run_file, "w") as f:
            f.write(f"[model]\npath = {json.dumps(os.path.abspath(a.model))}\n[data]\npath = {json.dumps(os.path.abspath(self.data))}\n[method]\nname = \"lora\"\nrank = 16\n"
                    "[train]\nsteps = 100000\nbatch_tokens = 512\neval_every = 0\ncheckpoint_every = 0\n")

    @contextlib.contextmanager
    def display(self):
        """An X server of our own; its number is its first word."""
        if not shutil.which("Xvfb"):
            raise SystemExit("Xvfb was not found: apt-get install xvfb, then start again")
        server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            number = server.stdout.readline().strip()
            if not number:
                raise SystemExit("Xvfb did not start")
            self.environment["DISPLAY"] = ":" + number
            yield
        finally:
            end(server)

    @contextlib.contextmanager
    def load(self):
        """A training run at full load beside what is measured: its speed says that it went on."""
        run = subprocess.Popen([os.path.join(self.a.bin, "weft-cli"), "train", self.run_file, "--json", "--project", os.path.join(self.folder, f"load-{time.monotonic_ns()}.weft")],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            for line in run.stdout:
                if json.loads(line)["type"] == "step":
                    break
            else:
                raise SystemExit("the training run beside the measurements did not start")
            yield
            if run.poll() is not None:
                raise SystemExit("the training run beside the measurements ended too early")
        finally:
            end(run)

    def part(self, *command):
        """The lines that a part of window_bench prints, by their figure."""
        done = subprocess.run([os.path.join(self.a.bin, command[0]), *command[1:]], env=self.environment, stdout=subprocess.PIPE, text=True)
        lines = [line for line in done.stdout.splitlines() if line]
        for line in lines:
            self.note(line)
        if done.returncode:
            raise SystemExit(f"{' '.join(command[:2])} ended with {done.returncode}: {done.stdout}")
        return lines

    def figures(self, *command):
        return [json.loads(line) for line in self.part("window_bench", *command)]

    def note(self, line):
        if self.log:
            print(line, file=self.log, flush=True)

    def row(self, figure, got, target, met):
        self.rows.append((figure, got, target, met))
        print(f"{figure}: {got}", file=sys.stderr, flush=True)


def end(process):
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def starts(bench):
    took = []
    for i in range(STARTS):
        project = os.path.join(bench.folder, f"start-{i}.weft")
        window = subprocess.Popen([os.path.join(bench.a.bin, "weft"), project, "--startup-time"], env=bench.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            said = window.stdout.readline()   # "first paint after 210 ms"
            took.append(int(said.split()[3]))
            time.sleep(1)
        finally:
            end(window)
    bench.note(json.dumps({"figure": "start", "ms": took}))
    return statistics.median(took), max(took)


def startup(bench):
    with bench.load():
        median, longest = starts(bench)
    bench.row("window on screen after its start", f"{median:.0f} ms (longest of {STARTS}: {longest} ms)", "300 ms", median <= 300)


def frames(bench):
    with bench.load():
        lines = bench.figures("frames", *([bench.a.pictures] if bench.a.pictures else []))
    for how in ("growing", "zooming"):
        by_points = {line["points"]: line for line in lines if line.get("how") == how}
        most = max(by_points)
        series = ", ".join(f"{line['median']:.1f}" for _, line in sorted(by_points.items()))
        got = f"p99 {by_points[most]['p99']:.1f} ms; medians at 1e3 to 1e6 points: {series} ms"
        flat = by_points[most]["median"] <= 1.5 * by_points[10000]["median"]
        bench.row(f"frame, 4 series of {most:,} points, {how}", got, "p99 16.7 ms, flat", by_points[most]["p99"] <= 16.7 and flat)
    for line in lines:
        if line["figure"] == "live page":
            got = f"median {line['median']:.1f} ms, p99 {line['p99']:.1f} ms, longest gap of the loop {line['longest_gap']:.0f} ms"
            bench.row(f"  the whole Live page, a new step to all painted, {line['points']:,} steps", got, "gap 50 ms", line["longest_gap"] <= 50)


def heat_map(bench):
    with bench.load():
        lines = {line["figure"]: line for line in bench.figures("map")}
    alone, page = lines["heat map"], lines["heat map with its page"]
    bench.row(f"heat map of {alone['sites']:,} matrices", f"median {alone['median']:.1f} ms, p99 {alone['p99']:.1f} ms", "8 ms", alone["median"] <= 8)
    bench.row("the same with all of its page", f"median {page['median']:.1f} ms, p99 {page['p99']:.1f} ms", "", True)


def clicks(bench):
    with bench.load():
        lines = bench.figures("clicks", bench.a.model, bench.data)
    for line in lines:
        kind = line["figure"] == "click"
        got = f"median {line['median']:.0f} ms, p99 {line['p99']:.0f} ms, longest {line['longest']:.0f} ms of {line['times']}"
        bench.row("click to whole answer painted" if kind else "  " + line["figure"][7:], got, "50 ms" if kind else "", not kind or line["p99"] <= 50)


def stalls(bench):
    line = bench.figures("stalls", bench.a.model, bench.data, "30")[-1]
    bench.row("longest gap of the event loop, training in the window", f"{line['longest']:.0f} ms ({line['longest_work']:.0f} ms of it work), {line['steps']} steps", "50 ms",
              line["longest"] <= 50 and line["state"] == "done")


def slowdown(bench):
    line = bench.figures("slowdown", bench.a.model, bench.data, str(bench.a.pairs), "4")[-1]
    bench.row("training slowed by an open Live page, the sample model", slower(line), "2 %", line["percent"] <= 2)


def slowdown_small(bench):
    line = bench.figures("slowdown", STORIES, STORY, str(4 * bench.a.pairs), "24")[-1]
    bench.row("the same, a model of 260,000 parameters", slower(line), "", True)


def slower(line):
    return (f"{line['percent']:+.1f} % (median of {line['pairs']} pairs of {line['steps']} steps, 95 % interval {line['least']:+.1f} to {line['most']:+.1f} %), "
            f"{line['tokens_per_s']:.0f} tokens/s; the window's thread used {line['thread_open']:.2f} % of all processors, without a window {line['thread_gone']:.2f} %")


def project(bench):
    if not bench.a.project:
        return bench.row("project of 500 runs and 50 million rows", "left out: --project FILE.weft", "1 s", True)
    if not os.path.exists(bench.a.project):
        bench.part("project_bench", bench.a.project)
    with bench.load():
        lines = bench.part("project_bench", bench.a.project)
    opened = next(line for line in lines if "known after" in line)   # "500 runs known after 210 ms, painted after 240 ms, …"
    painted = float(opened.split("painted after ")[1].split()[0])
    bench.row("project of 500 runs and 50 million rows", opened, "1 s", painted <= 1000)
    for line in lines:
        if line.startswith("scrolled"):
            bench.row("  its run table " + line.split(":")[0], line.split(": ", 1)[1], "p99 16.7 ms", float(line.split("p99 ")[1].split()[0]) <= 16.7)


def journey(bench):
    line = bench.figures("journey")[-1]
    stages = ", ".join(f"{name} {at:.1f}" for name, at in line["stages"].items())
    bench.row("sample, cold start to verified export", f"{line['seconds']:.0f} s, {line['clicks']} clicks, {line['keys']} keys ({stages})", "120 s, 4 decisions, no typing",
              line["seconds"] <= 120 and line["clicks"] <= 4 and line["keys"] == 0)


PARTS = {"startup": startup, "frames": frames, "map": heat_map, "clicks": clicks, "stalls": stalls, "slowdown": slowdown, "slowdown-small": slowdown_small,
         "project": project, "journey": journey}


def main():
    a = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))   # what was started beside it is ended, too
    unknown = [name for name in a.only.split(",") if name not in PARTS]
    if unknown:
        raise SystemExit(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(a, folder)
        with bench.display():
            for name in a.only.split(","):
                PARTS[name](bench)
    print("| figure | got | to reach | reached |\n|---|---|---|---|")
    for figure, got, target, met in bench.rows:
        print(f"| {figure} | {got} | {target} | {'' if not target else 'yes' if met else 'no'} |")
    return 0 if all(met for *_, met in bench.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
