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


def check_rank(a, verdict, folder, name, ours, base, method, rank, rows):
    """The nearest plain LoRA of a rank: in PEFT what it is here, and as much of the update as LAPACK says it can be."""
    import numpy
    import peft

    out, adapter = os.path.join(folder, f"{method}-rank{rank}"), os.path.join(folder, method)
    report = json.loads(common.call(a.cli, "export", adapter, "--base", ours, "--rank", str(rank), "--out", out, "--json"))
    ids = rows[0][:40]
    plain = {path: module.weight.detach().numpy().astype("float64") for path, module in base.named_modules() if hasattr(module, "weight")}
    model = peft.PeftModel.from_pretrained(base, adapter)
    model.merge_adapter()
    kept = whole = 0.0
    for path, module in model.base_model.model.named_modules():
        if not hasattr(module, "lora_A") or "default" not in module.lora_A:
            continue
        values = numpy.linalg.svd(module.base_layer.weight.detach().numpy() - plain[path], compute_uv=False) ** 2
        kept, whole = kept + values[:rank].sum(), whole + values.sum()
    model.unmerge_adapter()
    model.unload()
    verdict.require(f"{name} {method}: energy {report['energy']:.6f} at rank {rank}, by LAPACK {kept / whole:.6f}", abs(report["energy"] - kept / whole) < 2e-3)
    near = peft.PeftModel.from_pretrained(base, out).eval()
    verdict.require(f"{name} {method}: a plain LoRA of rank {rank}", near.peft_config["default"].r == rank and not near.peft_config["default"].use_dora)
    verdict.compare(f"{name} {method}: of rank {rank} in PEFT", common.our_logits(a.cli, ours, ids, out), common.their_logits(near, ids), absolute=1e-4)
    near.unload()


def check_gguf(a, verdict, folder, name, ours, base, method):
    """The GGUF adapter read by the gguf package against PEFT's own factors, rows of q and k in the order of llama.cpp's converter."""
    import gguf
    import numpy
    import peft

    out, adapter = os.path.join(folder, f"{method}-gguf"), os.path.join(folder, method)
    common.call(a.cli, "export", adapter, "--base", ours, "--format", "gguf-adapter", "--dtype", "fp32", "--out", out)
    reader = gguf.GGUFReader(os.path.join(out, "adapter.gguf"))
    fields = {key: field.contents() for key, field in reader.fields.items()}
    tensors = {t.name: numpy.array(t.data) for t in reader.tensors}
    verdict.require(f"{name} {method}: GGUF adapter says what it is",
                    (fields["general.type"], fields["adapter.type"], fields["general.architecture"], fields["adapter.lora.alpha"]) == ("adapter", "lora", "llama", 0))
    model = peft.PeftModel.from_pretrained(base, adapter)
    names = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
             "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
    heads = {"attn_q": base.config.num_attention_heads, "attn_k": base.config.num_key_value_heads}
    largest, pairs = 0.0, 0
    for path, module in model.named_modules():
        if not hasattr(module, "lora_A") or "default" not in module.lora_A:
            continue
        layer, part = path.split("layers.")[1].split(".", 1)
        place = f"blk.{layer}.{names[part]}.weight"
        a_theirs = module.lora_A["default"].weight.detach().numpy()
        b_theirs = module.lora_B["default"].weight.detach().numpy() * module.scaling["default"]
        if names[part] in heads:
            n = heads[names[part]]
            b_theirs = b_theirs.reshape(n, 2, b_theirs.shape[0] // n // 2, -1).swapaxes(1, 2).reshape(b_theirs.shape)
        for suffix, theirs in (("lora_a", a_theirs), ("lora_b", b_theirs)):
            largest = max(largest, float(numpy.abs(tensors.pop(f"{place}.{suffix}") - theirs).max()))
        pairs += 1
    model.unload()
    verdict.require(f"{name} {method}: {pairs} pairs of the GGUF adapter differ by at most {largest:.1g}", pairs > 0 and largest < 1e-6)
    verdict.require(f"{name} {method}: the GGUF adapter holds nothing else", not tensors)


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
            for method, rank in (("lora", 8), ("lora", 3), ("dora", 4)):
                check_rank(a, verdict, folder, name, ours, base, method, rank, rows)
            for method in ("lora", "rslora"):
                check_gguf(a, verdict, folder, name, ours, base, method)
    verdict.exit()


if __name__ == "__main__":
    main()
