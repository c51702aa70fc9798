// SPDX-License-Identifier: GPL-3.0-or-later
//! tokenizer.json -> ids with byte offsets, and back.
use crate::ffi::{bytes, fenced, fenced_value, free_array, give_array, text, Failure, WeftString};
use std::collections::HashSet;
use std::os::raw::{c_char, c_int};
use std::sync::Once;
use tokenizers::processors::PostProcessorWrapper;
use tokenizers::utils::parallelism::set_parallelism;
use tokenizers::{ModelWrapper, Tokenizer};

pub struct WeftTokenizer {
    inner: Tokenizer,
    special: HashSet<u32>,
    size: u64,
    kind: &'static std::ffi::CStr,
}

/// Offsets must cover the text without holes, so that a character range selects its tokens: leading spaces stay.
fn keep_spaces(processor: PostProcessorWrapper) -> PostProcessorWrapper {
    match processor {
        PostProcessorWrapper::ByteLevel(p) => PostProcessorWrapper::ByteLevel(p.trim_offsets(false)),
        PostProcessorWrapper::Roberta(p) => PostProcessorWrapper::Roberta(p.trim_offsets(false)),
        PostProcessorWrapper::Sequence(mut p) => {
            let mut index = 0;
            while let Some(part) = p.get(index).cloned() {
                p.set_mut(index, keep_spaces(part));
                index += 1;
            }
            PostProcessorWrapper::Sequence(p)
        }
        other => other,
    }
}

fn kind_of(tokenizer: &Tokenizer) -> &'static std::ffi::CStr {
    match tokenizer.get_model() {
        ModelWrapper::BPE(model) => {
            let parts = format!("{:?} {:?}", tokenizer.get_pre_tokenizer(), tokenizer.get_normalizer());
            if parts.contains("ByteLevel") {
                c"byte-level BPE"
            } else if model.byte_fallback {
                c"BPE with byte fallback"
            } else {
                c"BPE"
            }
        }
        ModelWrapper::WordPiece(_) => c"WordPiece",
        ModelWrapper::WordLevel(_) => c"WordLevel",
        ModelWrapper::Unigram(_) => c"Unigram",
    }
}

fn load(json: &[u8]) -> Result<WeftTokenizer, Failure> {
    // Data preparation runs on a thread of its own, one record at a time; a second pool would only fight the engine's.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_parallelism(false));

    let mut inner = Tokenizer::from_bytes(json)?;
    inner.with_truncation(None)?;
    inner.with_padding(None);
    if let Some(processor) = inner.get_post_processor().cloned() {
        inner.with_post_processor(Some(keep_spaces(processor)));
    }
    let added = inner.get_added_tokens_decoder();
    let last_added = added.keys().max().map_or(0, |id| u64::from(*id) + 1);
    let special = added.iter().filter(|(_, token)| token.special).map(|(id, _)| *id).collect();
    let size = (inner.get_vocab_size(true) as u64).max(last_added);
    if size == 0 {
        return Err(Failure("the vocabulary is empty".into()));
    }
    let kind = kind_of(&inner);
    Ok(WeftTokenizer { inner, special, size, kind })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_tokenizer_from_json(
    json: *const c_char,
    size: usize,
    out: *mut *mut WeftTokenizer,
    error: *mut WeftString,
) -> c_int {
    fenced(error, || {
        *out = Box::into_raw(Box::new(load(bytes(json, size))?));
        Ok(())
    })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_tokenizer_free(tokenizer: *mut WeftTokenizer) {
    if !tokenizer.is_null() {
        fenced_value((), || drop(Box::from_raw(tokenizer)));
    }
}

#[repr(C)]
pub struct WeftEncoding {
    ids: *mut u32,
    begin: *mut u32,
    end: *mut u32,
    special: *mut u8,
    count: usize,
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_encode(
    tokenizer: *const WeftTokenizer,
    data: *const c_char,
    size: usize,
    add_special: c_int,
    out: *mut WeftEncoding,
    error: *mut WeftString,
) -> c_int {
    fenced(error, || {
        if size > i32::MAX as usize {
            return Err(Failure(format!("a text of {size} bytes is over the limit of {} bytes", i32::MAX)));
        }
        let tokenizer = &*tokenizer;
        let encoding = tokenizer.inner.encode(text(data, size)?, add_special != 0)?;
        let added = encoding.get_special_tokens_mask();
        let special = encoding
            .get_ids()
            .iter()
            .zip(added)
            .map(|(id, mask)| u8::from(*mask != 0 || tokenizer.special.contains(id)))
            .collect();
        let offsets = encoding.get_offsets();
        *out = WeftEncoding {
            count: encoding.len(),
            ids: give_array(encoding.get_ids().to_vec()),
            begin: give_array(offsets.iter().map(|range| range.0 as u32).collect()),
            end: give_array(offsets.iter().map(|range| range.1 as u32).collect()),
            special: give_array(special),
        };
        Ok(())
    })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_encoding_free(encoding: WeftEncoding) {
    free_array(encoding.ids, encoding.count);
    free_array(encoding.begin, encoding.count);
    free_array(encoding.end, encoding.count);
    free_array(encoding.special, encoding.count);
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_decode(
    tokenizer: *const WeftTokenizer,
    ids: *const u32,
    count: usize,
    skip_special: c_int,
    out: *mut WeftString,
    error: *mut WeftString,
) -> c_int {
    fenced(error, || {
        let ids = if count == 0 { &[] } else { std::slice::from_raw_parts(ids, count) };
        *out = (*tokenizer).inner.decode(ids, skip_special != 0)?.into();
        Ok(())
    })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_piece(tokenizer: *const WeftTokenizer, id: u32, out: *mut WeftString) -> c_int {
    fenced_value(0, || match (*tokenizer).inner.id_to_token(id) {
        Some(piece) => {
            *out = piece.into();
            1
        }
        None => 0,
    })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_id_of(tokenizer: *const WeftTokenizer, data: *const c_char, size: usize) -> i64 {
    fenced_value(-1, || match text(data, size) {
        Ok(piece) => (*tokenizer).inner.token_to_id(piece).map_or(-1, i64::from),
        Err(_) => -1,
    })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_vocabulary(tokenizer: *const WeftTokenizer) -> u64 {
    (*tokenizer).size
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_kind(tokenizer: *const WeftTokenizer) -> *const c_char {
    (*tokenizer).kind.as_ptr()
}
