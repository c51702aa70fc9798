#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a data set as weft-cli tokenises it into rows of one length, so that two programs train on the same batches.
usage: token_rows.py WEFT_CLI DATA MODEL LENGTH OUT.jsonl
"""
import json
import subprocess
import sys


def main():
    cli, data, model, length, out = sys.argv[1:6]
    reply = subprocess.run([cli, "data", "preview", data, "--model", model, "--rows", "10000", "--json"], check=True,
                           capture_output=True, text=True)
    ids, labels = [], []
    for row in json.loads(reply.stdout)["preview"]:
        for token in row["tokens"]:
            if token["state"] != "cut":
                ids.append(token["id"])
                labels.append(token["id"] if token["state"] == "trained" else -100)
    length = int(length)
    with open(out, "w") as f:
        for start in range(0, len(ids) - length + 1, length):
            print(json.dumps({"input_ids": ids[start:start + length], "labels": labels[start:start + length]}), file=f)


if __name__ == "__main__":
    main()
