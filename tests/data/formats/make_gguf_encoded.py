#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gguf package makes of some rows in ggml's blocks of 32: gguf_encoded.safetensors beside this file.

Made with: pip install gguf==0.19.0 numpy==2.4.6 safetensors==0.8.0 ; python make_gguf_encoded.py
Rows: normal values at three scales (1, 0.02 as weights have, 3000), heavy tails, ramps whose values lie halfway between two codes, and blocks of zeros, of one
value, of one value among zeros and of equal magnitudes with both signs.
"""
import pathlib

import gguf
import numpy
from safetensors.numpy import save_file

COLUMNS = 256
random = numpy.random.default_rng(5)
ramps = numpy.concatenate([(numpy.arange(32) - 16) / 2 * scale for scale in (1, -1, 0.25, 3, 1 / 3, 0.1, -0.7, 1e-3)])
strange = numpy.zeros(COLUMNS)
strange[32:64] = -0.25
strange[70] = 7
strange[96:128] = numpy.where(numpy.arange(32) % 2, 1.5, -1.5)
strange[128:160] = 1e-7
strange[160:192] = 40000 + numpy.arange(32)
strange[200] = -1e-3
values = numpy.stack([random.standard_normal(COLUMNS), random.standard_normal(COLUMNS) * 0.02, random.standard_normal(COLUMNS) * 3000,
                      random.standard_normal(COLUMNS) ** 5, ramps, strange]).astype(numpy.float32)
tensors = {"values": values}
for name in ("Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0"):
    tensors[name] = gguf.quants.quantize(values, gguf.GGMLQuantizationType[name])
save_file(tensors, pathlib.Path(__file__).resolve().parent / "gguf_encoded.safetensors")
