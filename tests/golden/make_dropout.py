# SPDX-License-Identifier: GPL-3.0-or-later
"""Dropout by its definitions (arXiv 2403.00812): masks drawn here anew, float64, gradients by PyTorch's autograd; nothing of the engine.
Writes one small safetensors file a case for dropout_test.cpp.
usage: make_dropout.py FOLDER   (tests/data/dropout)
"""
import math
import pathlib
import sys

import torch

from make_methods import write

SEED, STEP, BATCH, PASS, LAYER, RATE = 7, 3, 1, 0, 1, 0.4
SEGMENTS, HEADS, KV_HEADS, SIZE, CHANNELS, VOCABULARY = [0, 4, 13], 2, 1, 4, 6, 9
KEY, ATTENTION, HIDDEN = 0, 1, 2   # DropPosition
M64, M32 = (1 << 64) - 1, (1 << 32) - 1


def substream(stream, index):
    z = (stream + (index + 1) * 0x9E3779B97F4A7C15) & M64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
    return z ^ (z >> 31)


def mixed(x):
    x ^= x >> 16
    x = (x * 0x7FEB352D) & M32
    x ^= x >> 15
    x = (x * 0x846CA68B) & M32
    return x ^ (x >> 16)


def bits(stream, place):
    return mixed((mixed((place * 0x9E3779B9 + stream) & M32) + (stream >> 32)) & M32)


def chance(stream, place):
    return bits(stream, place) / 2.0**32


def stream_of(position, segment, part):
    stream = SEED
    for index in (STEP, BATCH, PASS, position, LAYER, 0, segment, part):
        stream = substream(stream, index)
    return stream


def line(pattern, stream, count):
    if pattern == "column":
        return [chance(stream, i) < RATE for i in range(count)]
    length = math.floor(RATE * count)
    length += chance(stream, 0) < RATE * count - length
    begin = bits(stream, 1) * (count - length + 1) >> 32
    return [begin <= i < begin + length for i in range(count)]


def drawn(stream, rows, columns):
    return [[chance(substream(stream, i), j) < RATE for j in range(columns)] for i in range(rows)]


def key_mask(pattern, position, segment, head, length):
    stream = stream_of(position, segment, head)
    mask = torch.tensor(drawn(stream, length, length) if pattern == "element" else [line(pattern, stream, length)] * length)
    return mask & ~torch.eye(length, dtype=torch.bool)


def hidden_mask(pattern, segment, length):
    stream = stream_of(HIDDEN, segment, 0)
    if pattern == "element":
        return torch.tensor(drawn(stream, length, CHANNELS))
    if pattern == "column":
        return torch.tensor([line(pattern, stream, CHANNELS)] * length)
    return torch.tensor([[x] * CHANNELS for x in line(pattern, stream, length)])


def attention(q, k, v, pattern, positions):
    rows = []
    for segment, (begin, end) in enumerate(zip(SEGMENTS, SEGMENTS[1:])):
        heads = []
        for head in range(HEADS):
            kv = head // (HEADS // KV_HEADS)
            take = lambda x, h: x[begin:end, h * SIZE:(h + 1) * SIZE]
            g = take(q, head) @ take(k, kv).T / math.sqrt(SIZE)
            hide = torch.ones_like(g, dtype=torch.bool).triu(1)
            if KEY in positions:
                hide = hide | key_mask(pattern, KEY, segment, head, end - begin)
            w = g.masked_fill(hide, -math.inf).softmax(1)
            if ATTENTION in positions:
                w = w * ~key_mask(pattern, ATTENTION, segment, head, end - begin)
                w = w / w.sum(1, keepdim=True).detach()
            heads.append(w @ take(v, kv))
        rows.append(torch.cat(heads, 1))
    return torch.cat(rows)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(11)
    draw = lambda *shape: torch.randn(*shape, dtype=torch.float64)
    tokens = SEGMENTS[-1]
    for pattern in ("element", "column", "span"):
        for name, positions in {"key": [KEY], "attention": [ATTENTION], "both": [KEY, ATTENTION]}.items():
            q, k, v = (draw(tokens, heads * SIZE).requires_grad_() for heads in (HEADS, KV_HEADS, KV_HEADS))
            gy = draw(tokens, HEADS * SIZE)
            y = attention(q, k, v, pattern, positions)
            gq, gk, gv = torch.autograd.grad(y, (q, k, v), gy)
            write(folder / f"{name}_{pattern}.safetensors", {"q": q, "k": k, "v": v, "gy": gy, "y": y, "gq": gq, "gk": gk, "gv": gv})
        x = draw(tokens, CHANNELS)
        mask = torch.cat([hidden_mask(pattern, s, e - b) for s, (b, e) in enumerate(zip(SEGMENTS, SEGMENTS[1:]))])
        scale = 1 / (1 - RATE) if pattern == "element" else 1.0
        write(folder / f"hidden_{pattern}.safetensors", {"x": x, "y": x * scale * ~mask})
    weight, first, second = draw(VOCABULARY, CHANNELS), draw(tokens, CHANNELS).requires_grad_(), draw(tokens, CHANNELS)
    labels = torch.randint(VOCABULARY, (tokens,))
    p, q = (first @ weight.T).log_softmax(1), (second @ weight.T).log_softmax(1)
    mean = torch.logaddexp(p, q) - math.log(2)
    kl = lambda a, b: torch.nn.functional.kl_div(b, a, reduction="sum", log_target=True)   # of a from b
    task = torch.nn.functional.nll_loss(p, labels, reduction="sum") / tokens
    for name, apart in {"kl": (kl(p, q) + kl(q, p)) / 2 / tokens, "js": (kl(p, mean) + kl(q, mean)) / 2 / tokens}.items():
        grad, = torch.autograd.grad(task + 0.5 * apart, first, retain_graph=True)
        write(folder / f"loss_{name}.safetensors", {"weight": weight, "first": first, "second": second, "labels": labels.double(), "task": task.reshape(1),
                                                    "apart": apart.reshape(1), "grad": grad})


if __name__ == "__main__":
    main()
