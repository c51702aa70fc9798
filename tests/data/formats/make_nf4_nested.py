#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bitsandbytes makes of a matrix in NF4 with nested scales (double quantisation): nf4_nested.safetensors beside this file.

Made with: pip install bitsandbytes==0.50.2 torch==2.11.0 safetensors ; python make_nf4_nested.py
300 blocks of 64, so that the scales fill one group of 256 and part of another; rows of three sizes, and a block of zeros.
`nearest`: the codes of the scales by the definition, the nearest level (bitsandbytes on the CPU takes a neighbour now and then).
"""
import pathlib

import bitsandbytes.functional as bnb
import torch
from safetensors.torch import save_file

torch.manual_seed(5)
ROWS, COLUMNS = 20, 960
values = torch.randn(ROWS, COLUMNS) * torch.tensor([0.02, 0.05, 0.001, 0.02]).repeat(ROWS // 4)[:, None]
values[7, 64:128] = 0
packed, state = bnb.quantize_4bit(values, blocksize=64, quant_type="nf4", compress_statistics=True)
packed = packed.flatten()
codes = torch.stack([packed >> 4, packed & 15], 1).reshape(values.shape)
nested, levels = state.state2, state.state2.code
plain = bnb.quantize_4bit(values, blocksize=64, quant_type="nf4")[1].absmax
group = torch.arange(plain.numel()) // nested.blocksize
scaled = (plain - state.offset).double() / nested.absmax.double()[group]
nearest = (scaled[:, None] - levels.double()).abs().argmin(1).to(torch.uint8)
save_file({"values": values, "codes": codes.contiguous(), "absmax": plain, "scale_codes": state.absmax, "scale_absmax": nested.absmax, "levels": levels,
           "offset": state.offset.reshape(1), "nearest": nearest, "dequantised": bnb.dequantize_4bit(packed.unsqueeze(1), state).contiguous()},
          pathlib.Path(__file__).resolve().parent / "nf4_nested.safetensors")
print("scale codes that are not the nearest:", int((nearest != state.absmax).sum()), "of", nearest.numel(), "; blocksize", nested.blocksize)
