# SPDX-License-Identifier: GPL-3.0-or-later
"""Adapters that weft-cli trains and exports, loaded by Python PEFT: the same logits within 1e-4.

For LoRA, rsLoRA and DoRA on each model: a few steps at a high rate (so that the adapter says something), --out as a PEFT
folder, logits of both programs, and the merged model loaded by transformers alone.
"""
import json
import os
import tempfile

import common

RUN_FILE = """
[model]
path = {model}
compute = "fp32"
storage = "fp32"
[data]
path = {data}
format = "tokens"
max_length = 64
holdout = 0.0
seed = 1
[method]
name = "{method}"
rank = 8
alpha = 16
targets = "all-linear"
[train]
steps = 4
batch_tokens = 128
lr = 5e-3
schedule = "constant"
seed = 1
eval_every = 0
checkpoint_every = 0
[probe]
spectra_every = 0
"""


def check_method(a, verdict, folder, name, ours, base, method, rows):
    import peft

    run_file, out = os.path.join(folder, f"{method}.toml"), os.path.join(folder, method)
    with open(run_file, "w") as f:
        f.write(RUN_FILE.format(model=json.dumps(ours), data=json.dumps(os.path.join(folder, "rows.jsonl")), method=method))
    common.call(a.cli, "train", run_file, "--out", out, "--quiet")

    ids = rows[0][:40]
    plain = common.their_logits(base, ids)
    model = peft.PeftModel.from_pretrained(base, out).eval()
    report = peft.get_model_status(model)
    verdict.require(f"{name} {method}: PEFT finds {report.num_adapter_layers} adapted layers",
                    report.num_adapter_layers == 7 * base.config.num_hidden_layers)
    adapted = common.their_logits(model, ids)
    model.unload()
    moved = (adapted - plain).abs().max().item()
    verdict.require(f"{name} {method}: the adapter moves the logits by {moved:.2g}", moved > 0.1)
    verdict.compare(f"{name} {method}: adapter in PEFT", common.our_logits(a.cli, ours, ids, out), adapted, absolute=1e-4)

    merged = os.path.join(folder, f"{method}-merged")
    common.call(a.cli, "export", out, "--base", ours, "--format", "merged", "--dtype", "fp32", "--out", merged)
    verdict.compare(f"{name} {method}: merged in transformers", common.their_logits(common.load(merged), ids), adapted, relative=1e-3)


def main():
    a = common.arguments(__doc__)
    verdict = common.Verdict()
    for name, ours, theirs in common.models(a.data):
        base = common.load(theirs)
        with tempfile.TemporaryDirectory() as folder:
            rows = common.token_rows(base.config.vocab_size, 8, 64)
            with open(os.path.join(folder, "rows.jsonl"), "w") as f:
                for row in rows:
                    print(json.dumps({"input_ids": row, "labels": row}), file=f)
            for method in ("lora", "rslora", "dora"):
                check_method(a, verdict, folder, name, ours, base, method, rows)
    verdict.exit()


if __name__ == "__main__":
    main()
