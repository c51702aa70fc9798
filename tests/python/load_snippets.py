# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that an export shows to copy, run as they are: the model they load gives our logits, its tokenizer our ids, and greedy answers are the same.

One LoRA is trained on each model and exported in every format; `weft-cli export --json` says the lines under "load". Those for llama.cpp need its programs and
are not run; the Python lines of a GGUF adapter need llama-cpp-python and are compiled only.
"""
import json
import os
import tempfile

import common
from export_adapters import RUN_FILE

PROMPTS = ["Once upon a time", "The little dog said:", "Name three colours."]
ANSWER = 16


def load(lines):
    """What the lines leave behind."""
    import transformers

    transformers.utils.logging.disable_progress_bar()
    scope = {}
    exec(compile(lines, "snippet", "exec"), scope)
    for weight in scope["model"].parameters():  # .float() refuses what came from GGUF
        weight.data = weight.data.float()
    return scope["model"].eval(), scope["tokenizer"]


def check_greedy(a, verdict, what, ours, adapter, model, tokenizer):
    """From our ids on, token by token; where two tokens are as likely as each other to 1e-3 of a logit, either may come."""
    import torch

    extra = ["--adapter", adapter] if adapter else []
    for prompt in PROMPTS:
        reply = json.loads(common.call(a.cli, "generate", ours, *extra, "--prompt", prompt, "--template", "none", "--temperature", "0", "--max-tokens", str(ANSWER), "--json"))
        ids = json.loads(common.call(a.cli, "tokenize", ours, prompt, "--json"))["ids"]
        verdict.require(f"{what}: the ids of {prompt!r}", tokenizer(prompt)["input_ids"] == ids)
        with torch.no_grad():
            theirs = model.generate(torch.tensor([ids]), max_new_tokens=ANSWER, do_sample=False, pad_token_id=0)[0, len(ids):].tolist()
        text = tokenizer.decode(theirs, skip_special_tokens=True)
        verdict.require(f"{what}: greedy answer to {prompt!r}", reply["text"].strip() == text.strip())
        if reply["text"].strip() != text.strip():
            print(f"     ours   {reply['text']!r}\n     theirs {text!r}")


def check_format(a, verdict, folder, name, ours, format, dtype, rows):
    adapter, out = os.path.join(folder, "adapter"), os.path.join(folder, f"{format}-{dtype}")
    report = json.loads(common.call(a.cli, "export", adapter, "--base", ours, "--format", format, "--dtype", dtype, "--out", out, "--json",
                                    *(["--energy", "0.999"] if format == "lora" else [])))
    what, lines = f"{name} {format} {dtype}", report["load"]["Python"]
    if format == "gguf-adapter":
        compile(lines, "snippet", "exec")
        return
    try:
        model, tokenizer = load(lines)
    except Exception as error:  # the lines are what is tested
        return verdict.require(f"{what}: the lines run ({type(error).__name__}: {str(error)[:300]})\n{lines}", False)
    here, adapted = {"peft": (ours, out), "lora": (ours, out), "merged": (out, None), "gguf": (os.path.join(out, "model.gguf"), None)}[format]
    ids = rows[0][:40]
    verdict.compare(f"{what}: logits of the lines", common.our_logits(a.cli, here, ids, adapted), common.their_logits(model, ids), relative=1e-4)
    check_greedy(a, verdict, what, here, adapted, model, tokenizer)


def main():
    a = common.arguments(__doc__)
    verdict = common.Verdict()
    stories = os.path.join(a.data, "models", "stories260k", "stories260K-f32.gguf")
    for name, ours, theirs in common.models(a.data) + [("stories260k GGUF", stories, stories)]:
        with tempfile.TemporaryDirectory() as folder:
            vocabulary = json.loads(common.call(a.cli, "info", ours, "--json"))["vocabulary"]
            rows = common.token_rows(vocabulary, 8, 64)
            data, run_file = os.path.join(folder, "rows.jsonl"), os.path.join(folder, "run.toml")
            with open(data, "w") as f:
                for row in rows:
                    print(json.dumps({"input_ids": row, "labels": row}), file=f)
            with open(run_file, "w") as f:
                f.write(RUN_FILE.format(model=json.dumps(ours), data=json.dumps(data), method="lora"))
            common.call(a.cli, "train", run_file, "--out", os.path.join(folder, "adapter"), "--quiet")
            formats = [("peft", "auto"), ("lora", "auto"), ("merged", "auto"), ("merged", "fp32"), ("gguf-adapter", "auto")]
            if ours.endswith(".gguf"):
                formats += [("gguf", "auto"), ("gguf", "fp32")]
            for format, dtype in formats:
                check_format(a, verdict, folder, name, ours, format, dtype, rows)
    verdict.exit()


if __name__ == "__main__":
    main()
