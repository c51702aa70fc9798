#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses the 300 rows of dolly-300.jsonl from a JSON array of Dolly rows {instruction, category, input, output}.

usage: select_dolly.py dolly_3k.json dolly-300.jsonl
"""
import hashlib
import json
import re
import sys

SHARES = {"open_qa": 62, "general_qa": 68, "classification": 36, "brainstorming": 48, "closed_qa": 28,
          "information_extraction": 22, "summarization": 16, "creative_writing": 20}
SHORTEST, LONGEST = 200, 1000  # characters of instruction, input and output: about 40 to 300 tokens

# Topics that a first look at a program does not need: violence, sex, drugs, medicine, religion, politics, persons' affairs,
# answers that were true only when written, links.
LEAVE_OUT = re.compile(
    r"\b(kill|pistol|rifle|firearm|knife|epilep|seizure|misinformation|cheat|celebrit|murder|suicid|weapon|gun|guns|bomb|war|wars|army|militar|terror|shoot|shot|dead|death|die|died|genocid|nazi|hitler|holocaust|slave|"
    r"rape|abuse|assault|crime|criminal|prison|arrest|sex|porn|nude|gay|lesbian|gender|virgin|drug|cocaine|cannabis|marijuana|alcohol|"
    r"beer|wine|whisk|vodka|cocktail|smok|cigar|cancer|disease|virus|covid|pandemic|symptom|treatment|medic|doctor|vaccin|pregnan|abortion|"
    r"god|jesus|christ|church|islam|muslim|jew|hindu|bible|quran|relig|prophet|politic|republican|democrat|president|prime minister|"
    r"election|trump|biden|obama|clinton|putin|modi|russia|ukrain|israel|palestin|china|taiwan|kashmir|racis|immigra|"
    r"divorce|affair|scandal|hate|stupid|idiot|damn|hell|shit|fuck|gambl|casino|bitcoin|crypto|stock|invest|"
    r"current|currently|today|this year|as of|20(1[5-9]|2\d)|chatgpt|openai|gpt|databricks)", re.I)
ODD = re.compile(r"https?://|www\.|@|\[\d+\]|\ufffd|[\u0080-\u009f]|\s{4,}|_{3,}|\t")


def fits(row):
    text = " ".join((row["instruction"], row["input"], row["output"]))
    answer = row["output"].strip()
    return (SHORTEST <= len(text) <= LONGEST and len(answer) >= 40 and answer[-1] in ".!?)\"'0123456789abcdefghijklmnopqrstuvwxyz"
            and len(row["instruction"].strip()) >= 15 and not LEAVE_OUT.search(text) and not ODD.search(text))


def rank(row):
    """An order that depends on the row alone."""
    return hashlib.sha256((row["instruction"] + "\0" + row["output"]).encode()).hexdigest()


def main(source, target):
    rows = sorted((row for row in json.load(open(source, encoding="utf-8")) if fits(row)), key=rank)
    taken, seen, left = [], set(), dict(SHARES)
    for row in rows:
        key = re.sub(r"\W+", " ", row["instruction"]).lower().strip()[:40]
        if left.get(row["category"], 0) > 0 and key not in seen:
            seen.add(key)
            left[row["category"]] -= 1
            taken.append(row)
    missing = {name: count for name, count in left.items() if count}
    if missing:
        sys.exit(f"too few rows fit: {missing}")
    taken.sort(key=lambda row: rank(row)[::-1])  # categories mixed to the end
    with open(target, "w", encoding="utf-8", newline="\n") as out:
        for row in taken:
            kept = {name: row[name].strip() for name in ("instruction", "input", "output", "category")}
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")
    print(f"{len(taken)} rows of {len(rows)} that fit")


if __name__ == "__main__":
    main(*sys.argv[1:])
