// SPDX-License-Identifier: GPL-3.0-or-later
//! What all entries share: error codes, texts and arrays that cross the border, the panic fence.
use std::cell::RefCell;
use std::os::raw::{c_char, c_int};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Once;

pub const OK: c_int = 0;
pub const INVALID: c_int = 1;
pub const INTERNAL: c_int = 2;

/// The input is at fault; the text says how.
pub struct Failure(pub String);

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(error.to_string())
    }
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct WeftString {
    data: *mut c_char,
    size: usize,
}

impl From<String> for WeftString {
    fn from(text: String) -> Self {
        let bytes = text.into_bytes().into_boxed_slice();
        let size = bytes.len();
        WeftString { data: Box::into_raw(bytes) as *mut c_char, size }
    }
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_string_free(text: WeftString) {
    free_array(text.data as *mut u8, text.size);
}

/// Hands an array over to C; `free_array` takes it back.
pub fn give_array<T>(values: Vec<T>) -> *mut T {
    Box::into_raw(values.into_boxed_slice()) as *mut T
}

pub unsafe fn free_array<T>(data: *mut T, count: usize) {
    if !data.is_null() {
        drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, count)));
    }
}

pub unsafe fn bytes<'a>(data: *const c_char, size: usize) -> &'a [u8] {
    if size == 0 {
        return &[];
    }
    std::slice::from_raw_parts(data as *const u8, size)
}

pub unsafe fn text<'a>(data: *const c_char, size: usize) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes(data, size))
        .map_err(|e| Failure(format!("not valid UTF-8 at byte {}", e.valid_up_to())))
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_valid_utf8(data: *const c_char, size: usize) -> usize {
    std::str::from_utf8(bytes(data, size)).map_or_else(|e| e.valid_up_to(), str::len)
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The default hook prints to stderr; ours only remembers. It sees no other Rust code: this library is the only one.
fn install_quiet_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let text = info.to_string();
            let _ = LAST_PANIC.try_with(|last| *last.borrow_mut() = text);
        }));
    });
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(400));
    for c in text.chars().take(400) {
        line.push(if c.is_control() { ' ' } else { c });
    }
    line
}

/// Runs one entry; turns its failure or panic into a code and a line of text.
pub unsafe fn fenced(error: *mut WeftString, entry: impl FnOnce() -> Result<(), Failure>) -> c_int {
    install_quiet_hook();
    let (code, message) = match catch_unwind(AssertUnwindSafe(entry)) {
        Ok(Ok(())) => return OK,
        Ok(Err(Failure(message))) => (INVALID, one_line(&message)),
        Err(_) => {
            let message = LAST_PANIC.with(|last| std::mem::take(&mut *last.borrow_mut()));
            (INTERNAL, format!("the library panicked: {}", one_line(&message)))
        }
    };
    if !error.is_null() {
        *error = message.into();
    }
    code
}

/// For entries without an error text: `default` when the body panics.
pub fn fenced_value<T>(default: T, entry: impl FnOnce() -> T) -> T {
    install_quiet_hook();
    catch_unwind(AssertUnwindSafe(entry)).unwrap_or(default)
}
