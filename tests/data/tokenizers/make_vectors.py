#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference token ids by Python tokenizers (its Oniguruma build; ours uses another expression engine).

Made with: pip install tokenizers==0.23.3 ; python make_vectors.py
vectors.json holds
- stories260k: ids of the llama.cpp cases and of our texts with tests/data/models/stories260k;
- byte_level: a small vocabulary trained here, and per pre-tokenizer name the ids it gives, with the words cut the way the
  models' own tokenizer.json says (Digits, ByteLevel, Split with case-insensitive groups), not the way WEFT writes it.
"""
import json
import pathlib

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = pathlib.Path(__file__).resolve().parent
TEXTS = [
    "", " ", "\n", "  two spaces  ", "tabs\tand\r\nline ends\n\n\n", "Don't you'RE we'll I'M HE'S they'Ve o'clock",
    "1 12 123 1234 12345 3.14159 ٣٤٥ Ⅷ ½ 1,000,000", "snake_case camelCase HTTPServer XMLHttpRequest iPhone",
    "naïve café re\u0301sume\u0301 e\u0301 Ünïcode ñandú", "漢字 かな カナ 한국어 中文字符 混合abc123", "مرحبا بالعالم नमस्ते दुनिया สวัสดี",
    "🦙👩‍👩‍👧🏳️‍🌈 emoji🙂text", "for (int i = 0; i < 10; ++i) { a[i] += b[i] * 2; } // done!!!",
    "<b>HTML</b> &amp; \"quotes\" 'single' `code` $100 €5 #tag @user", "https://example.org/a/b?c=d&e=f#g", "…—–“”‘’ ¿qué? ¡sí!",
    "a\u00a0b\u2003c\u200bd\ufeffe", "    indented\n        more\n\tTab", "ALL CAPS words And Mixed", "Straße ǅ ǈ ΑΒΓ Привет мир",
]
CORPUS = TEXTS + [
    "The quick brown fox jumps over the lazy dog. It's the year 2024, and we don't know what they'll do.",
    "A low-rank update of a weight matrix is learned while the matrix itself stays frozen.",
    "def train(model, data):\n    for batch in data:\n        loss = model(batch)\n        loss.backward()\n    return loss\n",
    "Der schnelle braune Fuchs springt über den faulen Hund. Größe, Straße, Übung.",
    "Le renard brun saute par-dessus le chien paresseux. C'était l'été où l'on naît.",
] * 4

CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r"\s*[\r\n]+|\s+(?!\S)|\s+"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
LEAD = r"[^\r\n\p{L}\p{N}]?"


def split(*patterns):
    parts = [pre_tokenizers.Split(Regex(p), "isolated") for p in patterns]
    return pre_tokenizers.Sequence(parts + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def byte_level():
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)


# name: (pre-tokenizer, NFC, ignore_merges)
KINDS = {
    "gpt-2": (byte_level(), False, False),
    "smollm": (pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level()]), False, False),
    "llama-bpe": (split(CONTRACTION + "|" + LEAD + r"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + TAIL), False, True),
    "qwen2": (split(CONTRACTION + "|" + LEAD + r"\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + TAIL), True, False),
    "tekken": (split(f"{LEAD}{UPPER}*{LOWER}+|{LEAD}{UPPER}+{LOWER}*|" + r"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + TAIL), False, True),
    "gpt-4o": (split(f"{LEAD}{UPPER}*{LOWER}+{CONTRACTION}?|{LEAD}{UPPER}+{LOWER}*{CONTRACTION}?|"
                     + r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + TAIL), False, False),
    "deepseek-v3": (split(r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+",
                          "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
                          " ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"), False, False),
}


def main():
    cases = (HERE / "llama_cpp_cases.inp").read_bytes().decode().split("\n__ggml_vocab_test__\n")[:-1]
    stories = Tokenizer.from_file(str(HERE.parent / "models" / "stories260k" / "hf" / "tokenizer.json"))
    ids = lambda tokenizer, text: tokenizer.encode(text, add_special_tokens=False).ids

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = byte_level()
    trained.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=700, special_tokens=["<|end|>", "<|user|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(trained.to_str())["model"]
    tokens = [piece for piece, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    kinds = {}
    for name, (pre, nfc, ignore_merges) in KINDS.items():
        # ignore_merges is no argument of the Python model: set it in the file.
        document = json.loads(trained.to_str())
        document["model"]["ignore_merges"] = ignore_merges
        tokenizer = Tokenizer.from_str(json.dumps(document))
        tokenizer.pre_tokenizer = pre
        tokenizer.decoder = decoders.ByteLevel()
        if nfc:
            tokenizer.normalizer = normalizers.NFC()
        kinds[name] = [ids(tokenizer, text) for text in TEXTS]
    out = {
        "texts": TEXTS,
        "stories260k": {"cases": [ids(stories, c) for c in cases], "texts": [ids(stories, t) for t in TEXTS]},
        "byte_level": {"tokens": tokens, "merges": [" ".join(pair) for pair in model["merges"]], "kinds": kinds},
    }
    (HERE / "vectors.json").write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(len(tokens), "tokens,", len(model["merges"]), "merges,", len(cases), "cases")


if __name__ == "__main__":
    main()
