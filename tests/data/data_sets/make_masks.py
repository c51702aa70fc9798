#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes masks.json: what transformers makes of the small data sets with the stories260K tokenizer.

usage: make_masks.py (transformers 5.23.0; run in this folder)
generation.jinja: the labels are apply_chat_template's own assistant mask. chatml.jinja has no marks: an answer is what the
conversation up to it adds to the prompt that asks for it, and a token that overlaps it is trained.
"""
import json

from transformers import PreTrainedTokenizerFast

ROLES = {"human": "user", "gpt": "assistant", "function_call": "assistant", "observation": "tool"}


def text_of(content):
    return content if isinstance(content, str) else "".join(part.get("text", part.get("value")) for part in content)


def rows_of(name):
    with open(name, encoding="utf-8-sig") as file:
        rows = json.load(file) if name.endswith(".json") else [json.loads(line) for line in file]
    for row in rows:
        if "instruction" in row:
            user = row["instruction"] + ("\n\n" + row["input"] if row["input"] else "")
            yield [("user", user, True), ("assistant", row["output"], True)]
        elif "messages" in row:
            yield [(m["role"], text_of(m["content"]), m.get("loss_weight", 1) > 0) for m in row["messages"]]
        else:
            yield [(ROLES.get(t["from"], t["from"]), t["value"], True) for t in row["conversations"]]


def main():
    tokenizer = PreTrainedTokenizerFast(tokenizer_file="../models/stories260k/hf/tokenizer.json", bos_token="<s>", eos_token="</s>")
    out = []
    for name in ("alpaca.jsonl", "messages.jsonl", "sharegpt.json"):
        for template in ("chatml.jinja", "generation.jinja"):
            tokenizer.chat_template = open(template, encoding="utf-8").read()
            for number, turns in enumerate(rows_of(name)):
                messages = [{"role": role, "content": content} for role, content, _ in turns]
                text = tokenizer.apply_chat_template(messages, tokenize=False)
                encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
                if template == "generation.jinja":
                    if not all(trained for *_, trained in turns):
                        continue  # the mask knows no turn without loss
                    masked = tokenizer.apply_chat_template(messages, return_dict=True, return_assistant_tokens_mask=True)
                    assert masked["input_ids"] == encoded["input_ids"]
                    mask = masked["assistant_masks"]
                else:
                    spans = []
                    for i, (role, _, trained) in enumerate(turns):
                        if role == "assistant" and trained:
                            before = tokenizer.apply_chat_template(messages[:i], tokenize=False, add_generation_prompt=True)
                            until = tokenizer.apply_chat_template(messages[:i + 1], tokenize=False)
                            assert text.startswith(before) and text.startswith(until)
                            spans.append((len(before), len(until)))
                    mask = [int(any(b < end and e > begin for begin, end in spans)) for b, e in encoded["offset_mapping"]]
                out.append({"file": name, "template": template, "row": number, "text": text, "input_ids": encoded["input_ids"],
                            "labels": [i if m else -100 for i, m in zip(encoded["input_ids"], mask)]})
    with open("masks.json", "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in out) + "\n]\n")


if __name__ == "__main__":
    main()
