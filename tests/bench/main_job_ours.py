#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job's training alone on a token file, row by row in file order: our half of the comparison with main_job_peft.py.
usage: main_job_ours.py WEFT_CLI MODEL TOKENS.jsonl INIT_FOLDER LOSSES.json
INIT_FOLDER is written when it does not exist (the start that the other half loads), else begun from.
"""
import json
import os
import sys
import tempfile

import jobs

RUN_FILE = """
[model]
path = {model}
compute = "fp32"
[data]
path = {data}
format = "tokens"
max_length = 512
pack = false
shuffle = false
holdout = 0.0
[method]
name = "lora"
rank = 16
alpha = 32
targets = "all-linear"
[train]
steps = 60
batch_size = 1
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


def main():
    cli, model, tokens, init, losses_file = sys.argv[1:6]
    with tempfile.TemporaryDirectory() as folder:
        run_file = os.path.join(folder, "run.toml")
        with open(run_file, "w") as f:
            f.write(RUN_FILE.format(model=json.dumps(os.path.abspath(model)), data=json.dumps(os.path.abspath(tokens))))
        start = ["--init-adapter", init] if os.path.isdir(init) else ["--save-init", init]
        summary, losses = jobs.run_ours(cli, run_file, *start)
    with open(losses_file, "w") as f:
        json.dump(losses, f)
    print(json.dumps({"job": "pair", **summary}), flush=True)


if __name__ == "__main__":
    main()
