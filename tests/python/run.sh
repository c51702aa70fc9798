#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one of the Python checks where ./run rivals has made their environment; exit 77 tells ctest that it was skipped.
# usage: run.sh SCRIPT WEFT_CLI TEST_DATA
here=$(cd "$(dirname "$0")" && pwd)
cache=${WEFT_CACHE:-$HOME/.cache/weft}
rivals=${WEFT_RIVALS:-$cache/rivals}
export WEFT_SAMPLE_MODEL=${WEFT_SAMPLE_MODEL:-$cache/models/SmolLM2-135M-Instruct.Q4_1.gguf}
if [ ! -x "$rivals/bin/python" ]; then
  echo "skipped: ./run rivals"
  exit 77
fi
export PYTHONDONTWRITEBYTECODE=1
exec "$rivals/bin/python" "$here/$1" --cli "$2" --data "$3"
