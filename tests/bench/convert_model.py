# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a GGUF model as a float32 Hugging Face folder, so that reading GGUF does not count against Python's memory.
usage: convert_model.py MODEL.gguf FOLDER
"""
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")
import torch
from transformers import AutoModelForCausalLM


def main():
    gguf, out = sys.argv[1:3]
    folder, name = os.path.split(os.path.abspath(gguf))
    source = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    source.config.__dict__.pop("quantization_config", None)  # transformers refuses to save a model read from GGUF
    copy = AutoModelForCausalLM.from_config(source.config, dtype=torch.float32)
    copy.load_state_dict(source.state_dict())
    copy.save_pretrained(out)


if __name__ == "__main__":
    main()
