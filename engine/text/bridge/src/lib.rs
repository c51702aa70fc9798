// SPDX-License-Identifier: GPL-3.0-or-later
//! C ABI over Hugging Face `tokenizers` and `minijinja`; the contract is weft_text_bridge.h.
//! Every entry catches panics; nothing is printed; memory handed out is freed by the matching *_free.
#![allow(clippy::missing_safety_doc)]

mod budget;
mod date;
mod environment;
mod ffi;
mod methods;
mod operators;
mod python;
mod template;
mod tokenizer;
