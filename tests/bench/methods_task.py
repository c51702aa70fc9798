#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Methods beside each other at equal trainable parameters: accuracy on held-out rows of a classification task, several seeds.
The task: tab-separated `sentence<TAB>label` lines with a heading (SST-2's form), asked as "Review: ...\\nSentiment:" and answered by one word.
Only the answer's token is trained and counted, so accuracy is the share of held-out answers that the model ranks first.
Rank of each method (DoTA: bond) is the one whose count of parameters comes closest to LoRA's at --rank, within a tenth or it says so.
usage: methods_task.py WEFT_CLI MODEL TASK.tsv [--methods lora,dora,...] [--rank 8] [--rows 1200] [--steps 100] [--seeds 3] [--markdown OUT.md]
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import tempfile

import jobs

WORDS = {"0": " negative", "1": " positive"}
METHODS = {
    "lora": {"name": "lora"},
    "dora": {"name": "dora"},
    "bora": {"name": "bora"},
    "dota": {"name": "dota"},
    "pissa": {"name": "lora", "start": "pissa"},
    "hiddenkey": {"name": "lora", "dropout.preset": "hiddenkey"},
}
WITHOUT_ALPHA = {"dota"}
RUN = """
[model]
path = {model}
[data]
path = {data}
format = "tokens"
pack = true
holdout = 0.25
[method]
name = "lora"
targets = "all-linear"
[train]
lr = 5e-4
batch_tokens = 512
checkpoint_every = 0
[probe]
spectra_every = 0
"""


def tokens_of(cli, model, texts):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    reply = subprocess.run([cli, "tokenize", model, "--file", "-", "--no-special"], input=lines, check=True, capture_output=True, text=True)
    return [json.loads(line)["ids"] for line in reply.stdout.splitlines()]


def write_rows(cli, model, task, count, out):
    with open(task) as f:
        pairs = [line.rstrip("\n").split("\t") for line in f][1:]
    pairs = [(text.strip(), label) for text, label in (p for p in pairs if len(p) == 2) if label in WORDS and len(text.split()) > 3]
    random.Random(1).shuffle(pairs)
    pairs = pairs[:count]
    prompts = tokens_of(cli, model, [f"Review: {text}\nSentiment:" for text, _ in pairs])
    words = {label: ids for label, ids in zip(WORDS, tokens_of(cli, model, list(WORDS.values())))}
    if any(len(ids) != 1 for ids in words.values()):
        raise SystemExit(f"the answers are not one token each for this model: {words}")
    with open(out, "w") as f:
        for prompt, (_, label) in zip(prompts, pairs):
            print(json.dumps({"input_ids": prompt + words[label], "labels": [-100] * len(prompt) + words[label]}), file=f)


def of_rank(method, rank):
    alpha = {} if method in WITHOUT_ALPHA else {"alpha": 2 * rank}
    return {**METHODS[method], "rank": rank, **alpha}


def arguments(settings):
    return [part for key, value in settings.items() for part in ("--set", f"{key if '.' in key else 'method.' + key}={value}")]


def parameters(cli, run_file, settings):
    reply = subprocess.run([cli, "plan", run_file, *arguments(settings), "--json"], capture_output=True, text=True)
    if reply.returncode:
        raise SystemExit(reply.stderr)
    return json.loads(reply.stdout)["trained"]


def matched(cli, run_file, method, wanted):
    """The rank (of DoTA, the bond) whose count of parameters is nearest; counts grow with it."""
    best = None
    for rank in range(1, 65):
        count = parameters(cli, run_file, of_rank(method, rank))
        if best is None or abs(count - wanted) < abs(best[1] - wanted):
            best = (rank, count)
        if count > wanted:
            break
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("cli", "model", "task"):
        parser.add_argument(name)
    for name, value in (("rank", 8), ("rows", 1200), ("steps", 100), ("seeds", 3)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--markdown", help="write the table here too")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="weft-task-")
    data, run_file = os.path.join(folder, "task.jsonl"), os.path.join(folder, "run.toml")
    write_rows(options.cli, options.model, options.task, options.rows, data)
    with open(run_file, "w") as f:
        f.write(RUN.format(model=json.dumps(os.path.abspath(options.model)), data=json.dumps(data)))
    wanted = parameters(options.cli, run_file, of_rank("lora", options.rank))
    table = []
    for method in options.methods.split(","):
        rank, count = matched(options.cli, run_file, method, wanted)
        accuracies, losses, seconds = [], [], []
        for seed in range(1, options.seeds + 1):
            run = {**of_rank(method, rank), "train.seed": seed, "data.seed": seed, "train.steps": options.steps, "train.eval_every": options.steps}
            summary, _ = jobs.run_ours(options.cli, run_file, *arguments(run))
            print(json.dumps({"method": method, "rank": rank, "parameters": count, "seed": seed, **summary}), flush=True)
            accuracies.append(summary["held_out_accuracy_after"])
            losses.append(summary["held_out_after"])
            seconds.append(summary["mean_step_s"])
        before = summary["held_out_accuracy_before"]  # of the last seed's rows
        table.append((method, rank, count, accuracies, losses, statistics.fmean(seconds)))
        if abs(count - wanted) > 0.1 * wanted:
            print(json.dumps({"method": method, "note": f"{count} parameters where {wanted} were wanted: no rank comes closer"}), flush=True)
    lines = ["| method | rank | parameters | held-out accuracy, mean (each seed) | held-out loss, mean | s a step |", "|---|---:|---:|---|---:|---:|"]
    for method, rank, count, accuracies, losses, step in table:
        each = ", ".join(f"{100 * a:.1f}" for a in accuracies)
        lines.append(f"| {method} | {rank} | {count:,} | {100 * statistics.fmean(accuracies):.1f} % ({each}) | {statistics.fmean(losses):.4f} | {step:.2f} |")
    lines.append(f"\nBefore training: {100 * before:.1f} %. {options.rows} rows, a quarter held out by each seed anew; {options.steps} steps.")
    text = "\n".join(lines) + "\n"
    print(text)
    if options.markdown:
        with open(options.markdown, "w") as f:
            f.write(text)


if __name__ == "__main__":
    main()
