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


def chain(w, p):  # links 0 settled and 1 at work; 2 waits
    return w + SCALE * sum(p[f"chain_B.{t}"] @ p[f"chain_A.{t}"] for t in range(2))


def increlora(w, p):  # a link at work, one in reserve; alpha over grown_rank 6: half of LoRA's scale
    return w + SCALE / 2 * sum(p[f"incre_B.{t}"] @ torch.diag(p[f"incre_E.{t}"][:, 0]) @ p[f"incre_A.{t}"] for t in range(2))


def geolora(w, p):  # two of six directions in use
    return w + SCALE * p["geo_V"][:, :2] @ p["geo_S"][:2, :2].T @ p["geo_U"][:2]


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


def skew(upper, size):
    s = torch.zeros(size, size, dtype=torch.float64)
    at = [(i, j) for i in range(size) for j in range(i + 1, size)]
    for k, (i, j) in enumerate(at):
        s = s + upper[k] * (unit_matrix(size, i, j) - unit_matrix(size, j, i))
    return s


def unit_matrix(size, i, j):
    m = torch.zeros(size, size, dtype=torch.float64)
    m[i, j] = 1
    return m


def cayley(s):
    one = torch.eye(s.shape[0], dtype=torch.float64)
    return (one - s) @ torch.linalg.inv(one + s)


def neumann(s):  # five terms
    return torch.eye(s.shape[0], dtype=torch.float64) + 2 * s + 2 * s @ s + 2 * s @ s @ s + s @ s @ s @ s


def oft(w, p, turn, size):  # x R in row vectors
    rows = list(p["oft_R.weight"]) * (1 if len(p["oft_R.weight"]) > 1 else IN // size)
    return w @ torch.block_diag(*[turn(skew(r, size)) for r in rows]).T


def boft(w, p):
    blocks = [cayley((r - r.T) / 2) for r in p["boft_R"][0]]
    return p["boft_s"] * (w @ torch.block_diag(*blocks).T)


# Methods whose matrices have tensors in common: three matrices, heads of two features.
SHARED_SITES = [("0", "k_proj", 4, 6), ("0", "o_proj", 6, 8), ("1", "k_proj", 4, 6)]


def own(p, layer, module, name):
    return p[f"base_model.model.model.layers.{layer}.self_attn.{module}.{name}"]


def vera(w, p, layer, module):
    out, inputs = w.shape
    a, b = p["base_model.vera_A"][:, :inputs], p["base_model.vera_B"][:out]
    return w + torch.diag(own(p, layer, module, "vera_lambda_b")) @ b @ torch.diag(own(p, layer, module, "vera_lambda_d")) @ a


def tied(w, p, layer, module):
    a, b = p[f"base_model.shared.{module}.tied_A"], p[f"base_model.shared.{module}.tied_B"]
    return w + SCALE * torch.diag(own(p, layer, module, "tied_v")) @ b @ torch.diag(own(p, layer, module, "tied_u")) @ a


def lorta(w, p, layer, module):
    parts = []
    for head in range((w.shape[1] if module == "o_proj" else w.shape[0]) // 2):
        c = p["base_model.lorta_heads"][head] * p[f"base_model.shared.{module}.lorta_matrix"] * p[f"base_model.shared.layers.{layer}.lorta_layer"]
        block = p["base_model.lorta_A"] @ torch.diag(c) @ p["base_model.lorta_B"]  # width x head size
        parts.append(block if module == "o_proj" else block.T)
    return w + SCALE * torch.cat(parts, dim=1 if module == "o_proj" else 0)


def mos(w, p, layer, module):
    def put_together(side):
        pool, index = p[f"base_model.shared.{module}.mos_{side}"], own(p, layer, module, f"mos_index_{side}").long().tolist()
        return torch.stack([torch.cat([pool[index[2 * j]], pool[index[2 * j + 1]]]) for j in range(RANK)])
    return w + SCALE * put_together("B").T @ put_together("A")


def nf4(w):
    """Rounded as bitsandbytes does, in float32; rows of whole blocks."""
    levels = torch.tensor([-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
                           -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
                           0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0])
    blocks = w.float().reshape(-1, 64)
    largest = blocks.abs().amax(1, keepdim=True)
    codes = torch.bucketize(blocks * (1 / largest), (levels[1:] + levels[:-1]) / 2)  # what lies on a bound takes the lower one
    return (levels[codes] * largest).reshape(w.shape).double()


def lq(path):
    """LQ-LoRA's alternation: L = SVD_r(W - Q), Q = nf4(W - L), from Q = 0 on. Distances up to the first that grows, and the pair with which a run ends
    that asks each for a gain of 0.3 %; of nf4 alone and of LoftQ the distance."""
    torch.manual_seed(9)
    w = torch.randn(14, 14, dtype=torch.float64) @ torch.diag(0.9 ** torch.arange(14)).double() @ torch.randn(14, 128, dtype=torch.float64)
    rank = 6

    def leading(m):
        u, s, v = torch.linalg.svd(m, full_matrices=False)
        return (u[:, :rank] * s[:rank]) @ v[:rank]

    distances, pairs, q = [], [], torch.zeros_like(w)
    while len(distances) < 2 or distances[-1] < distances[-2]:
        low = leading(w - q)
        q = nf4(w - low)
        distances.append((w - low - q).norm().item())
        pairs.append((low, q))
    end = next(i for i in range(1, len(distances)) if distances[i] >= distances[i - 1] * (1 - 0.003))
    end -= distances[end] >= distances[end - 1]
    lost = w - nf4(w)
    write(path, {"weight": w, "low": pairs[end][0], "base": pairs[end][1], "distances": torch.tensor(distances).double(),
                 "plain": lost.norm().reshape(1), "loftq": (lost - leading(lost)).norm().reshape(1)})


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

    # seeds of their own again
    torch.manual_seed(8)
    small = lambda *shape: 0.3 * draw(*shape)
    for name, case in {
        "oft": (lambda p: oft(w, p, neumann, 3), {"oft_R.weight": small(2, 3)}, []),
        "oft_cayley": (lambda p: oft(w, p, cayley, 2), {"oft_R.weight": small(3, 1)}, []),
        "oft_block_share": (lambda p: oft(w, p, cayley, 3), {"oft_R.weight": small(1, 3)}, []),
        "boft": (lambda p: boft(w, p), {"boft_R": small(1, 2, 3, 3), "boft_s": draw(OUT, 1) + 2}, []),
    }.items():
        write_case(folder / f"{name}.safetensors", w, draw, *case)
    write_shared_cases(folder, draw)
    # those with parts that come and go
    torch.manual_seed(9)
    links = lambda *states: {"links": torch.tensor(states, dtype=torch.float64)}
    pairs = lambda prefix: {f"{prefix}_{side}.{t}": draw(*shape) for t in range(3) for side, shape in (("A", (RANK, IN)), ("B", (OUT, RANK)))}
    settled = ["links", "chain_A.0", "chain_B.0"]
    for name, case in {
        "xgblora": (lambda p: chain(w, p), {**links(1, 2, 0), **pairs("chain")}, settled),
        "raclora": (lambda p: chain(w, p), {**links(1, 2, 0), **pairs("chain")}, settled + [f"chain_A.{t}" for t in range(3)]),
        "raclora_up": (lambda p: chain(w, p), {**links(1, 2, 0), **pairs("chain")}, settled + [f"chain_B.{t}" for t in range(3)]),
        "increlora": (lambda p: increlora(w, p), {**links(2, 3, 0), **pairs("incre"), **{f"incre_E.{t}": draw(RANK, 1) for t in range(3)}}, ["links"]),
        "geolora": (lambda p: geolora(w, p), {"geo_U": draw(6, IN), "geo_S": draw(6, 6), "geo_V": draw(OUT, 6), "geo_rank": torch.tensor([2.0], dtype=torch.float64)}, ["geo_rank"]),
    }.items():
        write_case(folder / f"{name}.safetensors", w, draw, *case)
    lq(folder / "lq.safetensors")


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


def write_shared_cases(folder, draw):
    at_sites = lambda make: {f"base_model.model.model.layers.{layer}.self_attn.{module}.{name}": t
                             for layer, module, out, inputs in SHARED_SITES for name, t in make(out, inputs).items()}
    of_modules = lambda make: {f"base_model.shared.{module}.{name}": t
                               for module, out, inputs, sites in [("k_proj", 4, 6, 2), ("o_proj", 6, 8, 1)] for name, t in make(out, inputs, sites).items()}
    indices = lambda sites: torch.randperm(4 * 2 * sites)[:2 * RANK].double()
    cases = {
        "vera": (vera, {"base_model.vera_A": draw(RANK, 8), "base_model.vera_B": draw(6, RANK),
                        **at_sites(lambda out, inputs: {"vera_lambda_d": draw(RANK), "vera_lambda_b": draw(out)})},
                 ["base_model.vera_A", "base_model.vera_B"]),
        "tiedlora": (tied, {**of_modules(lambda out, inputs, _: {"tied_A": draw(RANK, inputs), "tied_B": draw(out, RANK)}),
                            **at_sites(lambda out, inputs: {"tied_u": draw(RANK), "tied_v": draw(out)})}, []),
        "lorta": (lorta, {"base_model.lorta_A": draw(6, RANK), "base_model.lorta_B": draw(RANK, 2), "base_model.lorta_heads": draw(4, RANK),
                          **of_modules(lambda *_: {"lorta_matrix": draw(RANK)}),
                          **{f"base_model.shared.layers.{layer}.lorta_layer": draw(RANK) for layer in "01"}}, []),
        "mos": (mos, {**of_modules(lambda out, inputs, sites: {"mos_A": draw(4 * 2 * sites, inputs // 2), "mos_B": draw(4 * 2 * sites, out // 2)}),
                      **{f"base_model.model.model.layers.{layer}.self_attn.{module}.mos_index_{side}": indices(2 if module == "k_proj" else 1)
                         for layer, module, _, _ in SHARED_SITES for side in "AB"}}, "index"),
    }
    for name, (merged, parameters, frozen) in cases.items():
        p = {k: t.clone().requires_grad_(not (frozen in k if isinstance(frozen, str) else k in frozen)) for k, t in parameters.items()}
        tensors, loss = dict(p), 0
        for i, (layer, module, out, inputs) in enumerate(SHARED_SITES):
            w, x, gy = draw(out, inputs), draw(TOKENS, inputs).requires_grad_(), draw(TOKENS, out)
            weight = merged(w, p, layer, module)
            y = x @ weight.T
            loss = loss + (y * gy).sum()
            tensors |= {f"weight.{i}": w, f"x.{i}": x, f"gy.{i}": gy, f"y.{i}": y, f"merged.{i}": weight}
        loss.backward()
        tensors |= {f"grad.x.{i}": tensors[f"x.{i}"].grad for i in range(len(SHARED_SITES))}
        tensors |= {"grad." + k: t.grad for k, t in p.items() if t.grad is not None}
        write(folder / f"{name}.safetensors", tensors)


if __name__ == "__main__":
    main()
