# SPDX-License-Identifier: GPL-3.0-or-later
"""Adapter methods by their definitions: dense weights, float64, gradients by PyTorch's autograd; nothing of the engine. Writes one
small safetensors file a case for methods_test.cpp: the adapter under the names the engine reads, and weight, x, gy, y, merged
and grad.* beside it.
usage: make_methods.py FOLDER   (tests/data/methods)
"""
import json
import pathlib
import struct
import sys

import torch

OUT, IN, RANK, TOKENS, SCALE = 8, 6, 3, 4, 2.0
SITE = "base_model.model.model.layers.0.self_attn.q_proj."


def rows(v, detach):
    n = v.square().sum(1, keepdim=True).sqrt()
    return n.detach() if detach else n


def columns(v, detach):
    n = v.square().sum(0, keepdim=True).sqrt()
    return n.detach() if detach else n


def dora(w, p, detach):
    v = w + SCALE * p["lora_B.weight"] @ p["lora_A.weight"]
    return p["lora_magnitude_vector"][:, None] * v / rows(v, detach)


def bora(w, p, detach, rows_first):
    v = w + SCALE * p["lora_B.weight"] @ p["lora_A.weight"]
    m_r, m_c = p["bora_row_magnitude"][:, None], p["bora_column_magnitude"][None, :]
    if rows_first:
        h = m_r * v / rows(v, detach)
        return m_c * h / columns(h, detach)
    h = m_c * v / columns(v, detach)
    return m_r * h / rows(h, detach)


def edora(w, p, detach):
    v = w + SCALE * p["svd_B.weight"] @ p["svd_core.weight"] @ p["svd_A.weight"]
    return p["lora_magnitude_vector"][:, None] * v / rows(v, detach)


def low_rank(w, p):
    return w + SCALE * p["lora_B.weight"] @ p["lora_A.weight"]


def beamlora(w, p):
    return w + SCALE * p["beam_B"] @ torch.diag(RANK * torch.softmax(p["beam_gate"] / 0.05, 0)) @ p["beam_A"]


def adalora(w, p):  # PEFT's scale has rank + 1e-5
    return w + SCALE * RANK / (RANK + 1e-5) * p["lora_B"] @ torch.diag(p["lora_E"][:, 0]) @ p["lora_A"]


def melora(w, p):
    dw = torch.zeros_like(w)
    n = p["melora_A"].shape[0]
    for i in range(n):
        rows, columns = slice(i * OUT // n, (i + 1) * OUT // n), slice(i * IN // n, (i + 1) * IN // n)
        dw[rows, columns] = p["melora_B"][i] @ p["melora_A"][i]
    return w + SCALE * dw


def tlora(w, p):  # as the authors have it, in row vectors: x A B C
    a, b, c = p["tlora_A"].T, p["tlora_B"].T, p["tlora_C"].T
    return w + p["tlora_lambda"] * (a @ b @ c).T


def loha(w, p):
    return w + SCALE * (p["hada_w1_a"] @ p["hada_w1_b"]) * (p["hada_w2_a"] @ p["hada_w2_b"])


def lokr(w, p):
    first = p["lokr_w1"] if "lokr_w1" in p else p["lokr_w1_a"] @ p["lokr_w1_b"]
    second = p["lokr_w2"] if "lokr_w2" in p else p["lokr_w2_a"] @ p["lokr_w2_b"]
    return w + SCALE * torch.kron(first, second)


def mpo(p, prefix):
    cores = [p[f"{prefix}_{k + 1}"] for k in range(len([name for name in p if name.startswith(prefix)]))]
    t = cores[0]
    for core in cores[1:]:
        t = torch.tensordot(t, core, ([-1], [0]))
    t = t.squeeze(0).squeeze(-1)  # i_1 j_1 i_2 j_2 ...
    n = len(cores)
    return t.permute([2 * k for k in range(n)] + [2 * k + 1 for k in range(n)]).reshape(OUT, IN)


def dota(w, p):
    start = {k: t for k, t in p.items() if k.startswith("origin_dota_core")}
    return w + mpo(p, "dota_core") - (mpo(start, "origin_dota_core") if start else 0)


def fourierft(w, p, seed):  # as PEFT has it
    spectrum = torch.zeros_like(w)
    c = p["fourierft_spectrum"]
    places = torch.randperm(OUT * IN, generator=torch.Generator().manual_seed(seed))[:len(c)]
    spectrum[places // IN, places % IN] = c
    return w + SCALE * torch.fft.ifft2(spectrum).real


def write(path, tensors):
    header, data = {}, b""
    for name, t in tensors.items():
        values = t.detach().contiguous().reshape(-1).tolist()
        raw = struct.pack(f"<{len(values)}d", *values)
        header[name] = {"dtype": "F64", "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    draw = lambda *shape: torch.randn(*shape, dtype=torch.float64)
    w = draw(OUT, IN)
    low_rank_pair = lambda: {"lora_A.weight": draw(RANK, IN), "lora_B.weight": draw(OUT, RANK)}
    u, s, v = torch.linalg.svd(w, full_matrices=False)
    both = lambda: {"bora_row_magnitude": draw(OUT) + 2, "bora_column_magnitude": draw(IN) + 2}
    one = lambda: {"lora_magnitude_vector": draw(OUT) + 2}
    unit = torch.eye(IN, dtype=torch.float64)[[4, 0, 3]]
    cases = {
        "melora": (lambda p: melora(w, p), {"melora_A": draw(2, RANK, IN // 2), "melora_B": draw(2, OUT // 2, RANK)}, []),
        "sbora": (lambda p: low_rank(w, p), {"lora_A.weight": unit, "lora_B.weight": draw(OUT, RANK)}, ["lora_A.weight"]),
        "tlora": (lambda p: tlora(w, p), {"tlora_A": draw(RANK, IN), "tlora_C": draw(OUT, RANK), "tlora_B": draw(RANK, RANK), "tlora_lambda": draw(1)},
                  ["tlora_A", "tlora_C"]),
        "loha": (lambda p: loha(w, p), {"hada_w1_a": draw(OUT, RANK), "hada_w1_b": draw(RANK, IN), "hada_w2_a": draw(OUT, RANK), "hada_w2_b": draw(RANK, IN)}, []),
        # 8 = 2 x 4, 6 = 2 x 3: rank 1 is below half of 4, rank 3 is not
        "lokr_rank_1": (lambda p: lokr(w, p), {"lokr_w1": draw(2, 2), "lokr_w2_a": draw(4, 1), "lokr_w2_b": draw(1, 3)}, []),
        "lokr_whole": (lambda p: lokr(w, p), {"lokr_w1": draw(2, 2), "lokr_w2": draw(4, 3)}, []),
        # with a factor of 3: 8 = 2 x 4, 6 = 3 x 2; of 4: 8 = 4 x 2, 6 = 2 x 3
        "lokr_wide_first": (lambda p: lokr(w, p), {"lokr_w1": draw(2, 3), "lokr_w2_a": draw(4, 1), "lokr_w2_b": draw(1, 2)}, []),
        "lokr_both": (lambda p: lokr(w, p), {"lokr_w1_a": draw(4, 1), "lokr_w1_b": draw(1, 2), "lokr_w2_a": draw(2, 1), "lokr_w2_b": draw(1, 3)}, []),
        "ia3": (lambda p: p["ia3_l"] * w, {"ia3_l": draw(OUT, 1) + 2}, []),
        "dora": (lambda p: dora(w, p, True), {**low_rank_pair(), **one()}, []),
        "bora": (lambda p: bora(w, p, True, True), {**low_rank_pair(), **both()}, []),
        "bora_columns_rows": (lambda p: bora(w, p, True, False), {**low_rank_pair(), **both()}, []),
        "bora_norms_in_graph": (lambda p: bora(w, p, False, True), {**low_rank_pair(), **both()}, []),
        "bora_columns_rows_norms_in_graph": (lambda p: bora(w, p, False, False), {**low_rank_pair(), **both()}, []),
        "edora": (lambda p: edora(w, p, True),
                  {"svd_A.weight": s[:RANK, None] * v[:RANK], "svd_B.weight": u[:, :RANK], "svd_core.weight": draw(RANK, RANK), **one()},
                  ["svd_A.weight", "svd_B.weight"]),
    }
    for name, case in cases.items():
        write_case(folder / f"{name}.safetensors", w, draw, *case)

    more = {  # after the others, whose numbers stay
        "lorafa": (lambda p: low_rank(w, p), low_rank_pair(), ["lora_A.weight"]),
        "adalora": (lambda p: adalora(w, p), {"lora_A": draw(RANK, IN), "lora_E": draw(RANK, 1), "lora_B": draw(OUT, RANK)}, []),
        "beamlora": (lambda p: beamlora(w, p), {"beam_A": draw(RANK, IN), "beam_B": draw(OUT, RANK), "beam_gate": 0.1 * draw(RANK)}, []),
    }
    for name, case in more.items():
        write_case(folder / f"{name}.safetensors", w, draw, *case)

    # of full rank; drawn apart, so that one may be added without a change of the others
    generator = torch.Generator()
    own = lambda *shape: torch.randn(*shape, dtype=torch.float64, generator=generator)
    # 8 = 2 x 2 x 2, 6 = 1 x 2 x 3 and bonds of 2 and 3; 8 = 2 x 4, 6 = 3 x 2 and a bond of 3
    three = lambda prefix: {f"{prefix}_1": own(1, 2, 1, 2), f"{prefix}_2": own(2, 2, 2, 3), f"{prefix}_3": own(3, 2, 3, 1)}
    two = lambda prefix: {f"{prefix}_1": own(1, 2, 3, 3), f"{prefix}_2": own(3, 4, 2, 1)}
    origin = lambda start: [k for k in start if k.startswith("origin")]
    for name, merged, parameters in [
        ("dota_random", dota, lambda: three("dota_core")),
        ("dota", dota, lambda: three("dota_core") | three("origin_dota_core")),
        ("dota_two_cores", dota, lambda: two("dota_core") | two("origin_dota_core")),
        ("dota_central", dota, lambda: three("dota_core") | three("origin_dota_core")),
        ("fourierft", lambda w, p: fourierft(w, p, 777), lambda: {"fourierft_spectrum": own(20)}),
        ("fourierft_all", lambda w, p: fourierft(w, p, 5), lambda: {"fourierft_spectrum": own(OUT * IN)}),
    ]:
        generator.manual_seed(11)
        p = parameters()
        frozen = origin(p) + (["dota_core_1", "dota_core_3"] if name == "dota_central" else [])
        write_case(folder / f"{name}.safetensors", w, own, lambda p: merged(w, p), p, frozen)


def write_case(path, w, draw, merged, parameters, frozen):
    p = {k: t.clone().requires_grad_(k not in frozen) for k, t in parameters.items()}
    x, gy = draw(TOKENS, IN).requires_grad_(), draw(TOKENS, OUT)
    weight = merged(p)
    y = x @ weight.T
    y.backward(gy)
    tensors = {SITE + k: t for k, t in p.items()}
    tensors |= {"weight": w, "x": x, "gy": gy, "y": y, "merged": weight, "grad.x": x.grad}
    tensors |= {"grad." + k: t.grad for k, t in p.items() if t.grad is not None}
    write(path, tensors)


if __name__ == "__main__":
    main()
