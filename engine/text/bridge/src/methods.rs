// SPDX-License-Identifier: GPL-3.0-or-later
//! Python's methods on text, lists and dictionaries; minijinja-contrib's where they agree with Python.
use crate::budget::{charge, failure, settle, weigh_all};
use crate::python::is_space;
use minijinja::value::{from_args, Kwargs, Tuple, Value};
use minijinja::{Error, ErrorKind, State};

pub fn call(state: &mut State, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    weigh_all(args)?;
    if let Some(text) = value.as_str() {
        if let Some(result) = text_method(text, method, args)? {
            return settle(result);
        }
        match method {
            "replace" => {
                let mut all = vec![value.clone()];
                all.extend_from_slice(args);
                charge_replace(&all)?;
            }
            "join" => {
                let count = args.first().and_then(Value::len).unwrap_or(0);
                charge(count.saturating_mul(text.len()))?;
            }
            "format" => check_format(text)?,
            _ => {}
        }
    }
    settle(minijinja_contrib::pycompat::unknown_method_callback(state, value, method, args)?)
}

/// args: text, old, new. The result can be as long as old is short and new is long.
pub fn charge_replace(args: &[Value]) -> Result<(), Error> {
    let text = |index: usize| args.get(index).and_then(Value::as_str);
    if let (Some(whole), Some(old), Some(new)) = (text(0), text(1), text(2)) {
        let count = if old.is_empty() { whole.len() + 1 } else { whole.matches(old).count() };
        charge(count.saturating_mul(new.len()).saturating_add(whole.len()))?;
    }
    Ok(())
}

/// A width of more than four digits is no formatting.
pub fn check_format(format: &str) -> Result<(), Error> {
    let mut digits = 0;
    for c in format.chars() {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        if digits > 4 || c == '*' {
            return Err(failure("a format with such a width is not possible"));
        }
    }
    Ok(())
}

fn optional_text(args: &[Value]) -> Result<Option<String>, Error> {
    let (chars,): (Option<String>,) = from_args(args)?;
    Ok(chars)
}

fn texts<'a>(parts: impl Iterator<Item = &'a str>) -> Value {
    Value::from(parts.map(Value::from).collect::<Vec<_>>())
}

/// None: not one of ours.
fn text_method(text: &str, method: &str, args: &[Value]) -> Result<Option<Value>, Error> {
    Ok(Some(match method {
        "strip" | "lstrip" | "rstrip" => {
            let chars = optional_text(args)?;
            let cut = |c: char| chars.as_ref().map_or_else(|| is_space(c), |set| set.contains(c));
            Value::from(match method {
                "strip" => text.trim_matches(cut),
                "lstrip" => text.trim_start_matches(cut),
                _ => text.trim_end_matches(cut),
            })
        }
        "split" | "rsplit" => split(text, method == "rsplit", args)?,
        "splitlines" => {
            let (keep, kwargs): (Option<bool>, Kwargs) = from_args(args)?;
            let keep = keep.or(kwargs.get("keepends")?).unwrap_or(false);
            kwargs.assert_all_used()?;
            split_lines(text, keep)
        }
        "partition" | "rpartition" => {
            let (separator,): (&str,) = from_args(args)?;
            if separator.is_empty() {
                return Err(failure("partition needs a separator"));
            }
            let at = if method == "partition" { text.find(separator) } else { text.rfind(separator) };
            let parts = match at {
                Some(at) => [&text[..at], separator, &text[at + separator.len()..]],
                None if method == "partition" => [text, "", ""],
                None => ["", "", text],
            };
            Value::from(Tuple::from(parts.map(Value::from)))
        }
        "removeprefix" => {
            let (prefix,): (&str,) = from_args(args)?;
            Value::from(text.strip_prefix(prefix).unwrap_or(text))
        }
        "removesuffix" => {
            let (suffix,): (&str,) = from_args(args)?;
            Value::from(text.strip_suffix(suffix).unwrap_or(text))
        }
        "isspace" => Value::from(!text.is_empty() && text.chars().all(is_space)),
        "title" => Value::from(title(text)),
        "index" | "rindex" => {
            let (part,): (&str,) = from_args(args)?;
            let at = if method == "index" { text.find(part) } else { text.rfind(part) };
            match at {
                Some(at) => Value::from(text[..at].chars().count()),
                None => return Err(failure("substring not found")),
            }
        }
        "encode" | "decode" | "translate" => return Err(Error::from(ErrorKind::UnknownMethod)),
        _ => return Ok(None),
    }))
}

fn split(text: &str, from_right: bool, args: &[Value]) -> Result<Value, Error> {
    let (separator, limit, kwargs): (Option<Value>, Option<i64>, Kwargs) = from_args(args)?;
    let separator: Option<Value> = separator.or(kwargs.get("sep")?).filter(|value| !value.is_none());
    let limit = limit.or(kwargs.get("maxsplit")?).unwrap_or(-1);
    kwargs.assert_all_used()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX - 1);
    let Some(separator) = separator else {
        return Ok(split_at_space(text, from_right, limit));
    };
    let separator = separator.as_str().ok_or_else(|| failure("split needs a text to split at"))?;
    if separator.is_empty() {
        return Err(failure("split needs a separator that is not empty"));
    }
    if from_right {
        let mut parts: Vec<&str> = text.rsplitn(limit + 1, separator).collect();
        parts.reverse();
        return Ok(texts(parts.into_iter()));
    }
    Ok(texts(text.splitn(limit + 1, separator)))
}

fn split_at_space(text: &str, from_right: bool, limit: usize) -> Value {
    let mut parts = Vec::new();
    let mut rest = text;
    if from_right {
        loop {
            rest = rest.trim_end_matches(is_space);
            match rest.rfind(is_space) {
                Some(at) if parts.len() < limit => {
                    let begin = at + rest[at..].chars().next().map_or(0, char::len_utf8);
                    parts.push(&rest[begin..]);
                    rest = &rest[..at];
                }
                _ => break,
            }
        }
    } else {
        loop {
            rest = rest.trim_start_matches(is_space);
            match rest.find(is_space) {
                Some(at) if parts.len() < limit => {
                    parts.push(&rest[..at]);
                    rest = &rest[at..];
                }
                _ => break,
            }
        }
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    if from_right {
        parts.reverse();
    }
    texts(parts.into_iter())
}

fn split_lines(text: &str, keep: bool) -> Value {
    const ENDS: &[char] = &['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ENDS) {
        let end = if rest[at..].starts_with("\r\n") {
            at + 2
        } else {
            at + rest[at..].chars().next().map_or(1, char::len_utf8)
        };
        lines.push(&rest[..if keep { end } else { at }]);
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    texts(lines.into_iter())
}

/// str.title: every run of letters begins with a capital.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    out
}
