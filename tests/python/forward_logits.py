# SPDX-License-Identifier: GPL-3.0-or-later
"""Forward logits of weft-cli beside transformers, within 1e-3 of the largest logit."""
import common


def main():
    a = common.arguments(__doc__)
    verdict = common.Verdict()
    for name, ours, theirs in common.models(a.data):
        model = common.load(theirs)
        for length in (1, 7, 64, 200):
            ids = common.token_rows(model.config.vocab_size, 1, length, seed=length)[0]
            verdict.compare(f"{name}, {length} tokens", common.our_logits(a.cli, ours, ids), common.their_logits(model, ids),
                            relative=1e-3)
    verdict.exit()


if __name__ == "__main__":
    main()
