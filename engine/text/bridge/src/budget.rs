// SPDX-License-Identifier: GPL-3.0-or-later
//! What one rendering may cost. Templates come with models, so they are hostile until rendered: a loop that doubles a text
//! forty times must end in an error, not in an exhausted machine. minijinja counts instructions (fuel); bytes and seconds
//! are counted here, by every operation that can make a value larger or walk a large one.
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use std::cell::RefCell;
use std::time::{Duration, Instant};

const SECONDS: u64 = 4;
const BASE_BYTES: usize = 128 << 20; // made in one rendering, over and above what the conversation justifies
const BASE_WEIGHT: usize = 32 << 20; // of the operands of one operation
const MAX_DEPTH: usize = 200;
const NODE_BYTES: usize = 48;

pub struct Budget {
    pub ranges: Vec<(usize, usize)>,
    pub open: Vec<usize>,
    pub text: *const String, // what is being written; null outside a rendering
    pub date: Option<String>,
    deadline: Option<Instant>,
    made: usize,
    may_make: usize,
    may_weigh: usize,
    namespaces: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget {
            ranges: Vec::new(),
            open: Vec::new(),
            text: std::ptr::null(),
            date: None,
            deadline: None,
            made: 0,
            may_make: 0,
            may_weigh: 0,
            namespaces: 0,
        }
    }
}

impl Budget {
    pub fn written(&self) -> usize {
        unsafe { self.text.as_ref() }.map_or(0, String::len)
    }
}

thread_local! {
    static BUDGET: RefCell<Budget> = RefCell::default();
}

pub fn start(context_bytes: usize) {
    BUDGET.with(|b| {
        *b.borrow_mut() = Budget {
            deadline: Some(Instant::now() + Duration::from_secs(SECONDS)),
            may_make: BASE_BYTES.saturating_add(context_bytes.saturating_mul(64)),
            may_weigh: BASE_WEIGHT.saturating_add(context_bytes.saturating_mul(8)),
            ..Budget::default()
        }
    });
}

pub fn with<R>(f: impl FnOnce(&mut Budget) -> R) -> R {
    BUDGET.with(|b| f(&mut b.borrow_mut()))
}

pub fn failure(text: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, text)
}

/// Accounts for `bytes` about to be made; fails when the rendering has had its share, of bytes or of time.
pub fn charge(bytes: usize) -> Result<(), Error> {
    with(|b| {
        b.made = b.made.saturating_add(bytes);
        if b.made > b.may_make {
            return Err(failure(format!("the template makes over {} MB of text", b.may_make >> 20)));
        }
        match b.deadline {
            Some(deadline) if Instant::now() > deadline => {
                Err(failure(format!("the template runs for over {SECONDS} s")))
            }
            _ => Ok(()),
        }
    })
}

/// Bytes in a value, nested ones included; fails when it is too large or too deep to work with.
pub fn weigh(value: &Value) -> Result<usize, Error> {
    let limit = with(|b| b.may_weigh);
    let mut total = 0;
    add_weight(value, 0, limit, &mut total)?;
    Ok(total)
}

pub fn weigh_all(values: &[Value]) -> Result<usize, Error> {
    let limit = with(|b| b.may_weigh);
    let mut total = 0;
    for value in values {
        add_weight(value, 0, limit, &mut total)?;
    }
    charge(0)?;
    Ok(total)
}

fn add_weight(value: &Value, depth: usize, limit: usize, total: &mut usize) -> Result<(), Error> {
    *total += NODE_BYTES + value.as_str().map_or(0, str::len);
    if *total > limit {
        return Err(failure(format!("the template works on a value of over {} MB", limit >> 20)));
    }
    if depth > MAX_DEPTH {
        return Err(failure(format!("the template nests values over {MAX_DEPTH} deep")));
    }
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            for item in value.try_iter()? {
                add_weight(&item, depth + 1, limit, total)?;
            }
        }
        ValueKind::Map => {
            for key in value.try_iter()? {
                add_weight(&key, depth + 1, limit, total)?;
                add_weight(&value.get_item(&key)?, depth + 1, limit, total)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Accounts for a result and makes lazy sequences plain, so that they cannot be stacked on each other without end.
pub fn settle(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Iterable => {
            let limit = with(|b| b.may_weigh) / NODE_BYTES;
            let mut items = Vec::new();
            for item in value.try_iter()?.checked() {
                items.push(item?);
                if items.len() > limit {
                    return Err(failure(format!("the template makes a list of over {limit} items")));
                }
            }
            charge(items.len() * NODE_BYTES)?;
            Ok(Value::from(items))
        }
        ValueKind::Seq | ValueKind::Map => {
            charge(value.len().unwrap_or(0) * NODE_BYTES)?;
            Ok(value)
        }
        _ => {
            charge(value.as_str().map_or(0, str::len))?;
            Ok(value)
        }
    }
}

pub fn count_namespace() -> Result<(), Error> {
    const LIMIT: usize = 1000;
    with(|b| {
        b.namespaces += 1;
        if b.namespaces > LIMIT {
            return Err(failure(format!("the template makes over {LIMIT} namespaces")));
        }
        Ok(())
    })
}
