// SPDX-License-Identifier: GPL-3.0-or-later
//! The operators of the template language, as functions that count what they make. The compiled template calls them in place
//! of minijinja's own instructions; their names cannot be written, hence not be replaced, by a template.
use crate::budget::{charge, failure, settle, weigh, weigh_all};
use crate::python::text_of;
use minijinja::machinery::{Instruction, Instructions};
use minijinja::value::{Rest, Tuple, Value, ValueKind};
use minijinja::{Environment, Error};
use std::cmp::Ordering;

const MAX_LIST: usize = 100_000;

fn is_list(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}

/// Booleans count as numbers, as in Python.
fn whole(value: &Value) -> Option<i128> {
    match value.kind() {
        ValueKind::Bool => Some(i128::from(value.is_true())),
        ValueKind::Number if value.is_integer() => i128::try_from(value.clone()).ok(),
        _ => None,
    }
}

fn real(value: &Value) -> Option<f64> {
    match value.kind() {
        ValueKind::Bool => Some(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        _ => None,
    }
}

fn number(value: i128) -> Value {
    i64::try_from(value).map_or_else(|_| Value::from(value), Value::from)
}

fn unfit(sign: &str, a: &Value, b: &Value) -> Error {
    if a.is_undefined() || b.is_undefined() {
        return failure(format!("the {} side of {sign} is undefined", if a.is_undefined() { "left" } else { "right" }));
    }
    failure(format!("{sign} does not work on {} and {}", a.kind(), b.kind()))
}

fn items_of(value: &Value) -> Result<Vec<Value>, Error> {
    value.try_iter()?.checked().collect()
}

fn list_like(model: &Value, items: Vec<Value>) -> Value {
    if model.is_tuple() {
        Value::from(Tuple::from(items))
    } else {
        Value::from(items)
    }
}

fn add(a: Value, b: Value) -> Result<Value, Error> {
    if let (Some(left), Some(right)) = (a.as_str(), b.as_str()) {
        charge(left.len() + right.len())?;
        return Ok(Value::from([left, right].concat()));
    }
    if is_list(&a) && is_list(&b) {
        weigh_all(&[a.clone(), b.clone()])?;
        let mut items = items_of(&a)?;
        items.extend(items_of(&b)?);
        return settle(list_like(&a, items));
    }
    match (whole(&a), whole(&b)) {
        (Some(x), Some(y)) => x.checked_add(y).map(number).ok_or_else(|| failure("+ overflows")),
        _ => match (real(&a), real(&b)) {
            (Some(x), Some(y)) => Ok(Value::from(x + y)),
            _ => Err(unfit("+", &a, &b)),
        },
    }
}

fn repeat(value: &Value, times: &Value) -> Result<Option<Value>, Error> {
    if !(value.as_str().is_some() || is_list(value)) {
        return Ok(None);
    }
    let Some(times) = whole(times) else { return Ok(None) };
    let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
    if let Some(text) = value.as_str() {
        charge(text.len().saturating_mul(times))?;
        return Ok(Some(Value::from(text.repeat(times))));
    }
    weigh(value)?;
    let items = items_of(value)?;
    if items.len().saturating_mul(times) > MAX_LIST {
        return Err(failure(format!("* makes a list of over {MAX_LIST} items")));
    }
    let mut all = Vec::with_capacity(items.len() * times);
    for _ in 0..times {
        all.extend(items.iter().cloned());
    }
    settle(list_like(value, all)).map(Some)
}

fn multiply(a: Value, b: Value) -> Result<Value, Error> {
    if let Some(result) = repeat(&a, &b)? {
        return Ok(result);
    }
    if let Some(result) = repeat(&b, &a)? {
        return Ok(result);
    }
    match (whole(&a), whole(&b)) {
        (Some(x), Some(y)) => x.checked_mul(y).map(number).ok_or_else(|| failure("* overflows")),
        _ => match (real(&a), real(&b)) {
            (Some(x), Some(y)) => Ok(Value::from(x * y)),
            _ => Err(unfit("*", &a, &b)),
        },
    }
}

fn concat(a: Value, b: Value) -> Result<Value, Error> {
    let text = text_of(&a)? + &text_of(&b)?;
    charge(text.len())?;
    Ok(Value::from(text))
}

fn compared(a: &Value, b: &Value) -> Result<Ordering, Error> {
    weigh_all(&[a.clone(), b.clone()])?;
    a.partial_cmp(b).ok_or_else(|| unfit("a comparison", a, b))
}

fn equal(a: Value, b: Value) -> Result<bool, Error> {
    weigh_all(&[a.clone(), b.clone()])?;
    Ok(a == b)
}

fn contains(item: Value, container: Value) -> Result<bool, Error> {
    weigh_all(&[item.clone(), container.clone()])?;
    if container.is_undefined() {
        return Ok(false);
    }
    if let Some(text) = container.as_str() {
        return match item.as_str() {
            Some(part) => Ok(text.contains(part)),
            None => Err(failure(format!("only text can be in a text, not {}", item.kind()))),
        };
    }
    match container.kind() {
        ValueKind::Map => Ok(container.as_object().is_some_and(|map| map.get_value(&item).is_some())),
        ValueKind::Seq | ValueKind::Iterable => Ok(container.try_iter()?.any(|other| other == item)),
        kind => Err(failure(format!("in does not work on {kind}"))),
    }
}

/// Python's slice(start, stop, step).indices(length).
fn slice_indices(length: usize, start: &Value, stop: &Value, step: &Value) -> Result<Vec<usize>, Error> {
    let bound = |value: &Value| -> Result<Option<i128>, Error> {
        if value.is_none() || value.is_undefined() {
            return Ok(None);
        }
        whole(value).map(Some).ok_or_else(|| failure(format!("a slice needs whole numbers, not {}", value.kind())))
    };
    let length = length as i128;
    let step = bound(step)?.unwrap_or(1);
    if step == 0 {
        return Err(failure("a slice cannot have step 0"));
    }
    let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let place = |value: Option<i128>, missing: i128| match value {
        None => missing,
        Some(v) if v < 0 => (v.saturating_add(length)).max(low),
        Some(v) => v.min(high),
    };
    let mut at = place(bound(start)?, if step > 0 { low } else { high });
    let end = place(bound(stop)?, if step > 0 { high } else { low });
    let mut indices = Vec::new();
    while (step > 0 && at < end) || (step < 0 && at > end) {
        indices.push(at as usize);
        at = at.saturating_add(step);
    }
    Ok(indices)
}

fn slice(value: Value, start: Value, stop: Value, step: Value) -> Result<Value, Error> {
    weigh(&value)?;
    if let Some(text) = value.as_str() {
        let chars: Vec<char> = text.chars().collect();
        let part: String = slice_indices(chars.len(), &start, &stop, &step)?.into_iter().map(|i| chars[i]).collect();
        return settle(Value::from(part));
    }
    if !is_list(&value) {
        return Err(failure(format!("a slice of {} is not possible", value.kind())));
    }
    let items = items_of(&value)?;
    let part = slice_indices(items.len(), &start, &stop, &step)?.into_iter().map(|i| items[i].clone()).collect();
    settle(list_like(&value, part))
}

fn built_list(items: Rest<Value>) -> Result<Value, Error> {
    weigh_all(&items)?;
    settle(Value::from(items.0))
}

fn built_tuple(items: Rest<Value>) -> Result<Value, Error> {
    weigh_all(&items)?;
    settle(Value::from(Tuple::from(items.0)))
}

fn built_map(items: Rest<Value>) -> Result<Value, Error> {
    weigh_all(&items)?;
    settle(Value::from_pairs(items.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()))))
}

pub fn install(env: &mut Environment<'static>) {
    env.add_function("+", add);
    env.add_function("*", multiply);
    env.add_function("~", concat);
    env.add_function("==", equal);
    env.add_function("!=", |a: Value, b: Value| equal(a, b).map(|same| !same));
    env.add_function("<", |a: Value, b: Value| compared(&a, &b).map(Ordering::is_lt));
    env.add_function("<=", |a: Value, b: Value| compared(&a, &b).map(Ordering::is_le));
    env.add_function(">", |a: Value, b: Value| compared(&a, &b).map(Ordering::is_gt));
    env.add_function(">=", |a: Value, b: Value| compared(&a, &b).map(Ordering::is_ge));
    env.add_function("in ", contains);
    env.add_function("[:]", slice);
    env.add_function("[]", built_list);
    env.add_function("()", built_tuple);
    env.add_function("{}", built_map);
}

/// Puts our operators in place of minijinja's: same operands on the stack, one result, so that jumps stay right.
pub fn substitute(instructions: &mut Instructions<'_>) {
    let mut index = 0;
    while let Some(instruction) = instructions.get_mut(index) {
        let call = |name| Some(Instruction::CallFunction(name, Some(2)));
        let ours = match instruction {
            Instruction::Add => call("+"),
            Instruction::Mul => call("*"),
            Instruction::StringConcat => call("~"),
            Instruction::Eq => call("=="),
            Instruction::Ne => call("!="),
            Instruction::Lt => call("<"),
            Instruction::Lte => call("<="),
            Instruction::Gt => call(">"),
            Instruction::Gte => call(">="),
            Instruction::In => call("in "),
            Instruction::Slice => Some(Instruction::CallFunction("[:]", Some(4))),
            Instruction::BuildList(count) => counted("[]", *count, 1),
            Instruction::BuildTuple(count) => counted("()", *count, 1),
            Instruction::BuildMap(pairs) => counted("{}", Some(*pairs), 2),
            _ => None,
        };
        if let Some(ours) = ours {
            *instruction = ours;
        }
        index += 1;
    }
}

fn counted<'source>(name: &'source str, count: Option<usize>, each: usize) -> Option<Instruction<'source>> {
    match count {
        None => Some(Instruction::CallFunction(name, None)),
        // A literal longer than the instruction can count keeps minijinja's own: it is bounded by the source's length.
        Some(count) => u16::try_from(count * each).ok().map(|n| Instruction::CallFunction(name, Some(n))),
    }
}
