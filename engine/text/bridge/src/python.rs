// SPDX-License-Identifier: GPL-3.0-or-later
//! Python's way of writing values: str(), repr() and json.dumps as transformers calls it.
use crate::budget::{charge, failure};
use minijinja::value::{Value, ValueKind};
use minijinja::Error;

/// Python's float repr: shortest digits, exponent below 1e-4 and from 1e16.
pub fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf".into() } else { "inf".into() };
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = format!("{value}");
    if plain.contains('.') {
        plain
    } else {
        plain + ".0"
    }
}

fn is_float(value: &Value) -> bool {
    value.kind() == ValueKind::Number && !value.is_integer()
}

/// str(value)
pub fn text_of(value: &Value) -> Result<String, Error> {
    if let Some(text) = value.as_str() {
        charge(text.len())?;
        return Ok(text.to_string());
    }
    let mut out = String::new();
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => write_repr(value, &mut out, 0)?,
        ValueKind::Number if is_float(value) => out = float_text(f64::try_from(value.clone())?),
        _ => out = value.to_string(),
    }
    charge(out.len())?;
    Ok(out)
}

/// str.isprintable. Rust's escape_debug leaves the same characters alone, except that it escapes combining marks which begin
/// a text; hence the letter before.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    let mut buffer = String::from("a");
    buffer.push(c);
    let printable = buffer.escape_debug().nth(1) == Some(c);
    printable
}

fn write_text_repr(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => out.push_str(&match c as u32 {
                code @ 0..=0xff => format!("\\x{code:02x}"),
                code @ 0x100..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    out.push(quote);
}

fn write_repr(value: &Value, out: &mut String, depth: usize) -> Result<(), Error> {
    if depth > 200 {
        return Err(failure("the value is nested too deeply to be written"));
    }
    let before = out.len();
    match value.kind() {
        ValueKind::String => write_text_repr(value.as_str().unwrap_or(""), out),
        ValueKind::Seq | ValueKind::Iterable => {
            let (open, close) = if value.is_tuple() { ('(', ')') } else { ('[', ']') };
            out.push(open);
            let mut count = 0;
            for item in value.try_iter()? {
                if count > 0 {
                    out.push_str(", ");
                }
                write_repr(&item, out, depth + 1)?;
                count += 1;
            }
            if count == 1 && value.is_tuple() {
                out.push(',');
            }
            out.push(close);
        }
        ValueKind::Map => {
            out.push('{');
            for (index, key) in value.try_iter()?.enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_repr(&key, out, depth + 1)?;
                out.push_str(": ");
                write_repr(&value.get_item(&key)?, out, depth + 1)?;
            }
            out.push('}');
        }
        ValueKind::Number if is_float(value) => out.push_str(&float_text(f64::try_from(value.clone())?)),
        _ => out.push_str(&value.to_string()),
    }
    if depth < 8 {
        charge(out.len() - before)?; // inner levels are counted again by outer ones: an upper bound is enough
    }
    Ok(())
}

pub struct Dumps {
    pub ascii: bool,
    pub indent: Option<String>,
    pub item: String,
    pub key: String,
    pub sort: bool,
}

/// json.dumps(value, ensure_ascii, indent, separators, sort_keys)
pub fn dumps(value: &Value, style: &Dumps) -> Result<String, Error> {
    let mut out = String::new();
    write_json(value, style, 0, &mut out)?;
    charge(out.len())?;
    Ok(out)
}

fn write_json_text(text: &str, ascii: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || (ascii && !(' '..='~').contains(&c)) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn break_line(style: &Dumps, depth: usize, out: &mut String) {
    if let Some(indent) = &style.indent {
        out.push('\n');
        for _ in 0..depth {
            out.push_str(indent);
        }
    }
}

/// Keys are texts in JSON; Python writes numbers, booleans and None as such a text.
fn key_text(key: &Value) -> Result<String, Error> {
    Ok(match key.kind() {
        ValueKind::String => key.as_str().unwrap_or("").to_string(),
        ValueKind::Bool => if key.is_true() { "true" } else { "false" }.into(),
        ValueKind::None => "null".into(),
        ValueKind::Number => text_of(key)?,
        kind => return Err(failure(format!("tojson: keys must be text, numbers or booleans, not {kind}"))),
    })
}

fn write_json(value: &Value, style: &Dumps, depth: usize, out: &mut String) -> Result<(), Error> {
    if depth > 200 {
        return Err(failure("tojson: the value is nested over 200 deep"));
    }
    let before = out.len();
    match value.kind() {
        ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::String => write_json_text(value.as_str().unwrap_or(""), style.ascii, out),
        ValueKind::Number if is_float(value) => {
            let number = f64::try_from(value.clone())?;
            out.push_str(&match float_text(number).as_str() {
                "nan" => "NaN".to_string(),
                "inf" => "Infinity".to_string(),
                "-inf" => "-Infinity".to_string(),
                text => text.to_string(),
            });
        }
        ValueKind::Number => out.push_str(&value.to_string()),
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            let mut some = false;
            for item in value.try_iter()? {
                if some {
                    out.push_str(&style.item);
                }
                some = true;
                break_line(style, depth + 1, out);
                write_json(&item, style, depth + 1, out)?;
            }
            if some {
                break_line(style, depth, out);
            }
            out.push(']');
        }
        ValueKind::Map => {
            let mut pairs = Vec::new();
            for key in value.try_iter()? {
                pairs.push((key_text(&key)?, value.get_item(&key)?));
            }
            if style.sort {
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
            }
            out.push('{');
            for (index, (key, item)) in pairs.iter().enumerate() {
                if index > 0 {
                    out.push_str(&style.item);
                }
                break_line(style, depth + 1, out);
                write_json_text(key, style.ascii, out);
                out.push_str(&style.key);
                write_json(item, style, depth + 1, out)?;
            }
            if !pairs.is_empty() {
                break_line(style, depth, out);
            }
            out.push('}');
        }
        kind => return Err(failure(format!("tojson: a value of type {kind} has no JSON form"))),
    }
    if depth < 8 {
        charge(out.len() - before)?;
    }
    Ok(())
}

/// Python's str.isspace: Unicode white space and the four separators below it.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}
