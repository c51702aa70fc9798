# SPDX-License-Identifier: GPL-3.0-or-later
"""The same job as main_job_ours.py in Python PEFT: a plain, tuned PyTorch loop from the same start on the same rows.
usage: main_job_peft.py MODEL_FOLDER TOKENS.jsonl INIT_FOLDER LOSSES.json
"""
import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
STARTED = time.monotonic()
import torch
import torch.nn.functional as F
import peft
import transformers

STEPS = 60


def main():
    model_folder, tokens, init, losses_file = sys.argv[1:5]
    torch.set_num_threads(os.cpu_count())
    transformers.utils.logging.disable_progress_bar()
    base = transformers.AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32, attn_implementation="sdpa")
    base.config.use_cache = False
    model = peft.PeftModel.from_pretrained(base, init, is_trainable=True).train()
    rows = [json.loads(line) for line in open(tokens)]
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=2e-4, weight_decay=0.0, fused=True)
    losses, seconds = [], []
    for step in range(STEPS):
        row = rows[step % len(rows)]
        ids, labels = torch.tensor([row["input_ids"]]), torch.tensor(row["labels"])
        began = time.monotonic()
        logits = model(input_ids=ids, use_cache=False).logits[0, :-1]
        loss = F.cross_entropy(logits.float(), labels[1:])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seconds.append(time.monotonic() - began)
    step_s = statistics.median(seconds[3:])
    with open(losses_file, "w") as f:
        json.dump(losses, f)
    print(json.dumps({
        "job": "pair", "program": f"PEFT {peft.__version__}", "steps": STEPS, "wall_s": round(time.monotonic() - STARTED, 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "step_s": round(step_s, 3),
        "tokens_per_s": round(len(rows[0]["input_ids"]) / step_s), "first_loss": losses[0], "last_loss": losses[-1],
    }), flush=True)


if __name__ == "__main__":
    main()
