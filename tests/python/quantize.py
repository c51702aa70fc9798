# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that weft-cli quantises, tensor by tensor against what the gguf package makes of the same weights, to the byte; and loaded by transformers."""
import json
import os
import tempfile

import common


def check(a, verdict, folder, name, source, codec):
    import gguf
    import numpy

    out = os.path.join(folder, codec)
    report = json.loads(common.call(a.cli, "quantize", source, "--codec", codec, "--out", out, "--json"))
    before = {t.name: t for t in gguf.GGUFReader(source).tensors}
    after = gguf.GGUFReader(os.path.join(out, "model.gguf"))
    same = kept = 0
    squares = numpy.zeros(2)
    for row, tensor in zip(report["tensors"], after.tensors, strict=True):
        old = before.pop(tensor.name)
        verdict.ok &= row["name"] == tensor.name and row["to"] == tensor.tensor_type.name
        if "kept" in row:
            kept += old.tensor_type == tensor.tensor_type and numpy.array_equal(old.data, tensor.data)
            continue
        values = gguf.quants.dequantize(old.data, old.tensor_type).astype(numpy.float32)
        same += numpy.array_equal(gguf.quants.quantize(values, tensor.tensor_type), tensor.data)
        missed = values.astype(numpy.float64) - gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        error = numpy.array([(missed**2).sum(), (values.astype(numpy.float64) ** 2).sum()])
        squares += error
        verdict.ok &= abs(numpy.sqrt(error[0] / error[1]) - row["error"]) < 1e-6
    all_kept = sum("kept" in row for row in report["tensors"])
    verdict.require(f"{name} {codec}: {same} tensors are the package's to the byte, {kept} are as they were",
                    same == len(report["tensors"]) - all_kept and kept == all_kept and not before and same > 0)
    verdict.require(f"{name} {codec}: relative error {report['error']:.4g}", abs(numpy.sqrt(squares[0] / squares[1]) - report["error"]) < 1e-6)
    theirs = common.load(os.path.join(out, "model.gguf"))
    ids = common.token_rows(theirs.config.vocab_size, 1, 40)[0]
    verdict.compare(f"{name} {codec}: logits in transformers", common.our_logits(a.cli, os.path.join(out, "model.gguf"), ids), common.their_logits(theirs, ids), relative=1e-4)


def main():
    a = common.arguments(__doc__)
    verdict = common.Verdict()
    source = os.path.join(a.data, "models", "stories260k", "stories260K-f32.gguf")
    with tempfile.TemporaryDirectory() as folder:
        for codec in ("q8_0", "q5_1", "q5_0", "q4_1", "q4_0"):
            check(a, verdict, folder, "stories260k", source, codec)
    verdict.exit()


if __name__ == "__main__":
    main()
