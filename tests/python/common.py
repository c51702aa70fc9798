# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Python checks share: the two models, token rows that anyone can make again, calls of weft-cli."""
import argparse
import json
import os
import subprocess

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TQDM_DISABLE", "1")


def arguments(description):
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--cli", required=True, help="weft-cli")
    p.add_argument("--data", required=True, help="tests/data")
    return p.parse_args()


def models(data):
    """(name, what weft-cli opens, what transformers opens) of each model."""
    stories = os.path.join(data, "models", "stories260k")
    found = [("stories260k", os.path.join(stories, "hf"), os.path.join(stories, "hf"))]
    sample = os.environ.get("WEFT_SAMPLE_MODEL", "")
    if os.path.isfile(sample):
        found.append(("SmolLM2-135M-Instruct", sample, sample))
    return found


def load(path):
    """The model in float32, by transformers alone."""
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(2)
    keywords = {}
    if path.endswith(".gguf"):
        path, keywords["gguf_file"] = os.path.split(path)
    model = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, **keywords)
    return model.eval()


def token_rows(vocabulary, rows, length, seed=1):
    """The same rows in every program: a 31-bit linear congruential generator, special ids left out."""
    state, out = seed, []
    for _ in range(rows):
        row = []
        for _ in range(length):
            state = (1103515245 * state + 12345) % 2**31
            row.append(20 + (state >> 8) % (vocabulary - 20))
        out.append(row)
    return out


def call(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def our_logits(cli, model, ids, adapter=None):
    """Logits of the last position, [V]."""
    import torch

    extra = ["--adapter", adapter] if adapter else []
    reply = json.loads(call(cli, "logits", model, *extra, "--ids", ",".join(map(str, ids)), "--json"))
    return torch.tensor(reply["last"], dtype=torch.float64)


def their_logits(model, ids):
    import torch

    with torch.no_grad():
        return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].double()


class Verdict:
    """Prints each comparison and remembers whether all held."""

    def __init__(self):
        self.ok = True

    def compare(self, what, ours, theirs, absolute=None, relative=None):
        difference = (ours - theirs).abs().max().item()
        scale = theirs.abs().max().item()
        limit = absolute if absolute is not None else relative * scale
        good = ours.shape == theirs.shape and difference <= limit
        self.ok &= good
        print(f"{'ok  ' if good else 'FAIL'} {what}: largest difference {difference:.2e} (allowed {limit:.1e}, largest logit {scale:.1f})", flush=True)

    def require(self, what, good):
        self.ok &= bool(good)
        print(f"{'ok  ' if good else 'FAIL'} {what}", flush=True)

    def exit(self):
        raise SystemExit(0 if self.ok else 1)
