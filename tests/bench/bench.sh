#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Time and memory of the main job, one JSON line a run: the sample run itself, then the same training on the same token
# batches in weft-cli and Python PEFT, A B A B (a machine's speed moves by a fifth on its own: compare neighbours).
# usage: bench.sh BIN_FOLDER   (called by ./run bench, which sets WEFT_RIVALS, WEFT_SAMPLE_MODEL and WEFT_CACHE)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cli=$1/weft-cli
samples=$here/../../resources/samples
model=$WEFT_SAMPLE_MODEL
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

export PYTHONDONTWRITEBYTECODE=1

python3 "$here/main_job.py" "$cli" "$samples/first-light.toml"

if [ ! -x "$WEFT_RIVALS/bin/python" ]; then
  echo "the comparison with Python PEFT: skipped: ./run rivals"
  exit 0
fi
data=$(sed -n '/^\[data\]/,/^\[/s/^path *= *"\(.*\)".*/\1/p' "$samples/first-light.toml")
python3 "$here/token_rows.py" "$cli" "$samples/$data" "$model" 512 "$folder/tokens.jsonl"
theirs=$WEFT_CACHE/models/$(basename "${model%.gguf}")-fp32
[ -d "$theirs" ] || { "$WEFT_RIVALS/bin/python" "$here/convert_model.py" "$model" "$theirs.partial" >/dev/null; mv "$theirs.partial" "$theirs"; }
for turn in 1 2; do
  python3 "$here/main_job_ours.py" "$cli" "$model" "$folder/tokens.jsonl" "$folder/init" "$folder/ours.json"
  "$WEFT_RIVALS/bin/python" "$here/main_job_peft.py" "$theirs" "$folder/tokens.jsonl" "$folder/init" "$folder/theirs.json"
done
python3 -c '
import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:])
worst = max(abs(x - y) for x, y in zip(a, b, strict=True))
print(json.dumps({"job": "pair", "steps": len(a), "largest_loss_difference": worst}))' "$folder/ours.json" "$folder/theirs.json"
