#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Time and memory, one JSON line a run: the sample run itself, then the same training on the same token batches in weft-cli and Python
# PEFT, A B A B (pairs.py: a machine's speed moves by a fifth on its own, so neighbours are compared).
# usage: bench.sh BIN_FOLDER [options of pairs.py]   (called by ./run bench, which sets WEFT_RIVALS, WEFT_SAMPLE_MODEL and WEFT_CACHE)
# Without options two pairs of one cell; `./run bench --pairs 7` with no more gives the whole protocol.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cli=$1/weft-cli
shift
samples=$here/../../resources/samples
model=$WEFT_SAMPLE_MODEL

export PYTHONDONTWRITEBYTECODE=1

python3 "$here/main_job.py" "$cli" "$samples/first-light.toml"

if [ ! -x "$WEFT_RIVALS/bin/python" ]; then
  echo "the comparison with Python PEFT: skipped: ./run rivals"
  exit 0
fi
data=$(sed -n '/^\[data\]/,/^\[/s/^path *= *"\(.*\)".*/\1/p' "$samples/first-light.toml")
theirs=$WEFT_CACHE/models/$(basename "${model%.gguf}")-fp32
[ -d "$theirs" ] || { "$WEFT_RIVALS/bin/python" "$here/convert_model.py" "$model" "$theirs.partial" >/dev/null; mv "$theirs.partial" "$theirs"; }
[ $# -gt 0 ] || set -- --methods lora --ranks 16 --batches 1x512 --pairs 2 --self-pairs 0 --steps 60
python3 "$here/pairs.py" "$cli" "$model" "$WEFT_RIVALS/bin/python" "$theirs" --data "$samples/$data" "$@"
