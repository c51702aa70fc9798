#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bitsandbytes makes of some rows in NF4, blocks of 64: nf4.safetensors beside this file.

Made with: pip install bitsandbytes==0.50.2 torch==2.11.0 safetensors ; python make_nf4.py
Rows: normal values at three scales (1, 0.02 as weights have, 1e-6), heavy tails, blocks of zeros and of one value, and values on and
one float beside each bound between two levels.
"""
import pathlib

import bitsandbytes.functional as bnb
import torch
from safetensors.torch import save_file

torch.manual_seed(4)
COLUMNS = 192
levels = bnb.get_4bit_type("nf4", device="cpu")
bounds = (levels[1:] + levels[:-1]) / 2
edges = torch.zeros(COLUMNS)
for block, absmax in enumerate((1.0, -2.0, 0.037)):  # powers of two keep the bounds exact
    at = bounds * abs(absmax)
    row = torch.cat([torch.tensor([absmax]), at, torch.nextafter(at, torch.tensor(9.0)), torch.nextafter(at, torch.tensor(-9.0)), levels * abs(absmax)])
    edges[64 * block : 64 * block + row.numel()] = row
flat = torch.zeros(COLUMNS)
flat[64:128] = -0.25
flat[191] = 1e-30
values = torch.stack([torch.randn(COLUMNS), torch.randn(COLUMNS) * 0.02, torch.randn(COLUMNS) * 1e-6, torch.randn(COLUMNS) ** 5, edges, flat])

packed, state = bnb.quantize_4bit(values, blocksize=64, quant_type="nf4")
packed = packed.flatten()
codes = torch.stack([packed >> 4, packed & 15], 1).reshape(values.shape)
save_file({"values": values, "codes": codes.contiguous(), "absmax": state.absmax.reshape(-1, COLUMNS // 64).contiguous(),
           "levels": levels.contiguous(), "dequantised": bnb.dequantize_4bit(packed.unsqueeze(1), state).contiguous()},
          pathlib.Path(__file__).resolve().parent / "nf4.safetensors")
