# SPDX-License-Identifier: GPL-3.0-or-later
"""A training job in Python PEFT: a plain, tuned PyTorch loop from the same start on the same rows as ours. One JSON line: seconds and loss
of every step, seconds from the start of the process to the first step. Called by jobs.py.
"""
import argparse
import json
import os
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")


def since_exec():
    """Seconds since the kernel started this process, not since Python was ready."""
    ticks = int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19])
    return float(open("/proc/uptime").read().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("model", help="Hugging Face folder")
    p.add_argument("tokens", help="JSON Lines with input_ids and labels, rows of one length")
    p.add_argument("init", help="PEFT folder to begin from")
    p.add_argument("--rows", type=int, default=1, help="of a batch")
    p.add_argument("--steps", type=int, default=60)
    p.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"], help="of the frozen base")
    p.add_argument("--autocast", action="store_true", help="bfloat16 autocast around the forward pass")
    return p.parse_args()


def main():
    a = arguments()
    import contextlib
    import torch
    import torch.nn.functional as F
    import peft
    import transformers

    torch.set_num_threads(os.cpu_count())
    transformers.utils.logging.disable_progress_bar()
    base = transformers.AutoModelForCausalLM.from_pretrained(a.model, dtype=getattr(torch, a.dtype), attn_implementation="sdpa")
    base.config.use_cache = False
    model = peft.PeftModel.from_pretrained(base, a.init, is_trainable=True).train()
    data = [json.loads(line) for line in open(a.tokens)]
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=2e-4, weight_decay=0.0, fused=True)
    autocast = (lambda: torch.autocast("cpu", torch.bfloat16)) if a.autocast else contextlib.nullcontext
    losses, seconds = [], []
    start = since_exec()
    for step in range(a.steps):
        batch = [data[(step * a.rows + i) % len(data)] for i in range(a.rows)]
        ids, labels = torch.tensor([r["input_ids"] for r in batch]), torch.tensor([r["labels"] for r in batch])
        began = time.monotonic()
        with autocast():
            logits = model(input_ids=ids, use_cache=False).logits[:, :-1]
        loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]).float(), labels[:, 1:].reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seconds.append(time.monotonic() - began)
    print(json.dumps({"program": f"PEFT {peft.__version__}", "tokens": ids.numel(), "start_s": start, "seconds": seconds, "losses": losses}), flush=True)


if __name__ == "__main__":
    main()
