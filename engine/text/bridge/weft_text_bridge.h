/* SPDX-License-Identifier: GPL-3.0-or-later
 * C ABI of the Rust bridge (Hugging Face tokenizers, minijinja). Private to engine/text.
 * Handles are opaque, immutable after creation and safe from any thread. Every function returns 0 for success; otherwise
 * a WEFT_TEXT_* code and, through `error`, one line of UTF-8 text to free with weft_text_string_free. A panic on the Rust
 * side ends here as WEFT_TEXT_INTERNAL and prints nothing. Out parameters are written on success alone.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WEFT_TEXT_OK 0
#define WEFT_TEXT_INVALID 1  /* the input is at fault */
#define WEFT_TEXT_INTERNAL 2 /* we, or a library, are at fault */

/* Not NUL-terminated; data may be null when size is 0. */
typedef struct weft_text_string {
  char* data;
  size_t size;
} weft_text_string;
void weft_text_string_free(weft_text_string text);

/* How many bytes from the start are valid UTF-8. */
size_t weft_text_valid_utf8(const char* text, size_t size);

/* ---- tokenizers ---- */
typedef struct weft_text_tokenizer weft_text_tokenizer;

/* A tokenizer.json. Truncation and padding are dropped; byte-level offsets keep their leading space. */
int weft_text_tokenizer_from_json(const char* json, size_t size, weft_text_tokenizer** out, weft_text_string* error);
void weft_text_tokenizer_free(weft_text_tokenizer* tokenizer);

typedef struct weft_text_encoding {
  uint32_t* ids;
  uint32_t* begin; /* byte offsets into the text */
  uint32_t* end;
  uint8_t* special;
  size_t count;
} weft_text_encoding;
int weft_text_encode(const weft_text_tokenizer* tokenizer, const char* text, size_t size, int add_special,
                     weft_text_encoding* out, weft_text_string* error);
void weft_text_encoding_free(weft_text_encoding encoding);

int weft_text_decode(const weft_text_tokenizer* tokenizer, const uint32_t* ids, size_t count, int skip_special,
                     weft_text_string* out, weft_text_string* error);

/* 1 and the text when the id exists, else 0. */
int weft_text_piece(const weft_text_tokenizer* tokenizer, uint32_t id, weft_text_string* out);
/* -1 when absent. */
int64_t weft_text_id_of(const weft_text_tokenizer* tokenizer, const char* piece, size_t size);
/* Highest id + 1, added tokens included. */
uint64_t weft_text_vocabulary(const weft_text_tokenizer* tokenizer);
/* "byte-level BPE", "BPE with byte fallback", "BPE", "WordPiece", "Unigram", "WordLevel"; static storage. */
const char* weft_text_kind(const weft_text_tokenizer* tokenizer);

/* ---- chat templates ---- */
typedef struct weft_text_template weft_text_template;

int weft_text_template_compile(const char* source, size_t size, weft_text_template** out, weft_text_string* error);
void weft_text_template_free(weft_text_template* compiled);

/* context: a JSON object, the variables of the template (messages, add_generation_prompt, bos_token, ...).
 * ranges: pairs begin, end in bytes of the assistant's text ({% generation %} blocks), `range_count` pairs. */
typedef struct weft_text_rendering {
  weft_text_string text;
  size_t* ranges;
  size_t range_count;
} weft_text_rendering;
int weft_text_render(const weft_text_template* compiled, const char* context, size_t size, weft_text_rendering* out,
                     weft_text_string* error);
void weft_text_rendering_free(weft_text_rendering rendering);

#ifdef __cplusplus
}
#endif
