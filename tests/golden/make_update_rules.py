# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of optimizers and controllers by their definitions, in float64 and without anything of the engine, one safetensors file a case for
update_rules_test.cpp. LoRA-RITE and LoRA-Pro: as their papers write them, in NumPy. AdaLoRA: PEFT itself.
usage: make_update_rules.py FOLDER   (tests/data/update_rules)
"""
import pathlib
import sys
import types

import numpy as np
import torch
from make_methods import write

OUT, IN, RANK, SCALE, STEPS = 8, 6, 3, 2.0, 6
BETA1, BETA2, EPS, DECAY, CLIP, LR = 0.8, 0.95, 1e-6, 0.1, 0.7, 0.05


def slopes(b, a, goal):
    """of half the squared distance of s B A from the goal"""
    g = SCALE * b @ a - goal
    return SCALE * g @ a.T, SCALE * b.T @ g


def inverse_root(v):
    w, x = np.linalg.eigh((v + v.T) / 2)
    return x @ np.diag(1 / (np.sqrt(np.maximum(w, 0)) + EPS)) @ x.T


def rite(b, a, goal):
    """Each factor as a matrix with RANK columns; `other` is the one whose size its gradient loses."""
    factors = {"a": a.T.copy(), "b": b.copy()}
    moment = {k: np.zeros_like(f) for k, f in factors.items()}
    second = {k: np.zeros((RANK, RANK)) for k in factors}
    basis = {k: np.zeros_like(factors["b" if k == "a" else "a"]) for k in factors}
    for t in range(STEPS):
        gb, ga = slopes(factors["b"], factors["a"].T, goal)
        gradient = {"a": ga.T, "b": gb}
        seen, small = {}, {}
        for k in factors:
            q, r = np.linalg.qr(factors["b" if k == "a" else "a"])
            small[k] = (q, np.linalg.pinv(r, rcond=RANK * np.finfo(float).eps))
            seen[k] = gradient[k] @ small[k][1]
            if np.sqrt((seen[k] ** 2).mean()) > 1:
                seen[k] = np.zeros_like(seen[k])
        norm = np.sqrt(sum((u**2).sum() for u in seen.values()))
        decay = [d * (1 - d**t) / (1 - d ** (t + 1)) for d in (BETA1, BETA2)]
        for k in list(factors):
            u = seen[k] * min(1, CLIP / norm) if norm > 0 else seen[k]
            q, r_inverse = small[k]
            p = q.T @ basis[k]
            second[k] = decay[1] * p @ second[k] @ p.T + (1 - decay[1]) * u.T @ u / len(u)
            moment[k] = decay[0] * moment[k] @ p.T + (1 - decay[0]) * u @ inverse_root(second[k])
            basis[k] = q
        factors = {k: f - LR * (moment[k] @ small[k][1].T + DECAY * f) for k, f in factors.items()}
        yield factors["b"], factors["a"].T


def pro(b, a, goal):
    eye = 1e-8 * np.eye(RANK)

    def adjusted(gb, ga, nearest):
        aa = np.linalg.inv(a @ a.T + eye)
        if not b.any():
            return gb @ aa / SCALE**2, ga
        bb = np.linalg.inv(b.T @ b + eye)
        new_a, new_b = bb @ ga / SCALE**2, (np.eye(OUT) - b @ bb @ b.T) @ gb @ aa / SCALE**2
        if nearest:  # the Sylvester equation as one linear system
            system = np.kron(b.T @ b, np.eye(RANK)) + np.kron(np.eye(RANK), a @ a.T)
            x = np.linalg.solve(system, (-bb @ ga @ a.T / SCALE**2).reshape(-1)).reshape(RANK, RANK)
            new_a, new_b = new_a + x @ a, new_b - b @ x
        return new_b, new_a

    m, v = np.zeros((OUT, IN)), np.zeros((OUT, IN))
    for t in range(1, STEPS + 1):
        gb, ga = adjusted(*slopes(b, a, goal), False)
        g = SCALE * (gb @ a + b @ ga)
        m, v = BETA1 * m + (1 - BETA1) * g, BETA2 * v + (1 - BETA2) * g * g
        g = m / (1 - BETA1**t) / (np.sqrt(v / (1 - BETA2**t)) + EPS)
        gb, ga = adjusted(SCALE * g @ a.T, SCALE * b.T @ g, True)
        b, a = b * (1 - LR * DECAY) - LR * gb, a * (1 - LR * DECAY) - LR * ga
        yield b, a


def adalora(folder):
    """PEFT's allocator on given values and gradients, and its penalty's gradient."""
    from peft import AdaLoraConfig, get_peft_model

    class Two(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.q_proj, self.o_proj = torch.nn.Linear(IN, OUT, bias=False), torch.nn.Linear(OUT, IN, bias=False)

        def forward(self, x):
            return types.SimpleNamespace(loss=(self.o_proj(self.q_proj(x)) * 0).sum())

    torch.manual_seed(3)
    config = AdaLoraConfig(init_r=RANK, target_r=1, tinit=1, tfinal=2, deltaT=1, total_step=9, beta1=0.85, beta2=0.7, orth_reg_weight=0.4, lora_alpha=6,
                           target_modules=["q_proj", "o_proj"])
    model = get_peft_model(Two(), config).double()
    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    tensors = {}
    for step in range(1, 10):
        for n, p in trained.items():
            p.data, p.grad = torch.randn_like(p), torch.randn_like(p)
            name = n.replace(".default", "").replace("base_model.model.", "")
            tensors[f"{step}.value.{name}"], tensors[f"{step}.gradient.{name}"] = p.data.clone(), p.grad.clone()
        model.base_model.update_and_allocate(step)
        tensors |= {f"{step}.left.{n.replace('.default', '').replace('base_model.model.', '')}": p.data.clone() for n, p in trained.items() if "lora_E" in n}
    for p in trained.values():
        p.grad = None
    model.base_model(torch.randn(2, IN).double()).loss.backward()
    tensors |= {f"penalty.{n.replace('.default', '').replace('base_model.model.', '')}": p.grad for n, p in trained.items() if "lora_E" not in n}
    for site in ("q_proj", "o_proj"):
        layer = getattr(model.base_model.model, site)
        tensors[f"delta.{site}"] = layer.get_delta_weight("default").detach()
    write(folder / "adalora.safetensors", tensors)


def beams(folder):
    """Ranks beyond a share of the importance take what the best of their matrix was half an interval before."""
    rng, rank, t = np.random.default_rng(5), 4, 0.5
    shapes = {"q_proj": (OUT, IN), "o_proj": (IN, OUT)}
    gates = {"q_proj": np.array([0.9, -1.1, 0.3, 0.5]), "o_proj": np.array([0.1, 0.4, 0.7, -1.3])}
    draw = lambda: {f"{kind}.{site}.{slot}": rng.standard_normal(shape) for kind in ("value", "moment") for site, (m, n) in shapes.items()
                    for slot, shape in (("A", (rank, n)), ("B", (m, rank)), ("g", (rank,)))}
    now, earlier = draw(), draw()
    now |= {f"value.{site}.g": g for site, g in gates.items()}
    importance = {site: rank * np.exp(g / t) / np.exp(g / t).sum() for site, g in gates.items()}
    share = 1 - (1 - 0.9) * 0.5 * (1 + np.cos(np.pi * 4 / 8))
    order = sorted(((v, site, i) for site, values in importance.items() for i, v in enumerate(values)), reverse=True)
    gone, reached = [], 0.0
    for v, site, i in order:
        if reached > share * 2 * rank:
            gone.append((site, i))
        reached += v
    assert sorted(site for site, _ in gone) == ["o_proj", "q_proj"]
    after = {k: v.copy() for k, v in now.items()}
    for site, to in gone:
        source = int(np.argmax(importance[site]))
        for kind in ("value", "moment"):
            after[f"{kind}.{site}.A"][to] = earlier[f"{kind}.{site}.A"][source]
            after[f"{kind}.{site}.B"][:, to] = earlier[f"{kind}.{site}.B"][:, source]
        g = after[f"value.{site}.g"]
        g[to] = g[source] = (g[to] + g[source]) / 2
        after[f"moment.{site}.g"][[to, source]] = 0
    tensors = {f"{when}.{k}": torch.from_numpy(v) for when, values in (("now", now), ("earlier", earlier), ("after", after)) for k, v in values.items()}
    write(folder / "beams.safetensors", tensors)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(11).standard_normal
    a, goal = draw((RANK, IN)) / 3, draw((OUT, IN))
    for name, rule, b in [("rite", rite, 0.3 * draw((OUT, RANK))), ("rite_from_zero", rite, np.zeros((OUT, RANK))),
                          ("pro", pro, 0.3 * draw((OUT, RANK))), ("pro_from_zero", pro, np.zeros((OUT, RANK)))]:
        tensors = {"A": a, "B": b, "goal": goal}
        for t, (after_b, after_a) in enumerate(rule(b, a, goal), 1):
            tensors |= {f"A{t}": after_a, f"B{t}": after_b}
        write(folder / f"{name}.safetensors", {k: torch.from_numpy(np.ascontiguousarray(v)) for k, v in tensors.items()})
    adalora(folder)
    beams(folder)


if __name__ == "__main__":
    main()
