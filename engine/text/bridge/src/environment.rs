// SPDX-License-Identifier: GPL-3.0-or-later
//! What a chat template can call: the environment that transformers gives it, every entry within the budget.
use crate::budget::{charge, count_namespace, failure, settle, weigh_all, with};
use crate::methods;
use crate::operators;
use crate::python::{dumps, is_space, text_of, Dumps};
use minijinja::value::{from_args, Kwargs, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{filters, functions, Environment, Error, State};

fn guarded_filter(env: &mut Environment<'static>, name: &'static str, original: Value) {
    env.add_filter(name, move |state: &mut State, args: Rest<ValueOrKwargs>| {
        let args = args.into_values();
        check_size(name, &args)?;
        settle(original.call(state, &args)?)
    });
}

/// Filters whose result can be far larger than their operands say how large before they start.
fn check_size(name: &str, args: &[Value]) -> Result<(), Error> {
    weigh_all(args)?;
    match name {
        "replace" => methods::charge_replace(args),
        "join" => {
            let count = args.first().and_then(Value::len).unwrap_or(0);
            charge(count.saturating_mul(args.get(1).and_then(Value::as_str).map_or(0, str::len)))
        }
        "indent" | "batch" | "slice" => {
            const LIMIT: i64 = 10_000;
            let lines = args.first().and_then(Value::as_str).map_or(1, |text| text.matches('\n').count() + 1);
            for value in args.iter().skip(1).filter_map(Value::as_i64) {
                if value > LIMIT {
                    return Err(failure(format!("{name} asks for {value}, over {LIMIT}")));
                }
                charge(lines * value.max(0) as usize)?;
            }
            Ok(())
        }
        "format" => methods::check_format(args.first().and_then(Value::as_str).unwrap_or("")),
        _ => Ok(()),
    }
}

fn add_filters(env: &mut Environment<'static>) {
    macro_rules! guard {
        ($($name:literal => $filter:path),* $(,)?) => {
            $(guarded_filter(env, $name, Value::from_function($filter));)*
        };
    }
    guard! {
        "escape" => filters::escape, "e" => filters::escape, "safe" => filters::safe,
        "lower" => filters::lower, "upper" => filters::upper, "title" => filters::title,
        "capitalize" => filters::capitalize, "replace" => filters::replace, "length" => filters::length,
        "count" => filters::length, "dictsort" => filters::dictsort, "items" => filters::items,
        "reverse" => filters::reverse, "join" => filters::join, "split" => filters::split, "lines" => filters::lines,
        "default" => filters::default, "d" => filters::default, "round" => filters::round, "abs" => filters::abs,
        "int" => filters::int, "float" => filters::float, "attr" => filters::attr, "first" => filters::first,
        "last" => filters::last, "min" => filters::min, "max" => filters::max, "sort" => filters::sort,
        "list" => filters::list, "bool" => filters::bool, "batch" => filters::batch, "slice" => filters::slice,
        "sum" => filters::sum, "indent" => filters::indent, "select" => filters::select, "reject" => filters::reject,
        "selectattr" => filters::selectattr, "rejectattr" => filters::rejectattr, "map" => filters::map,
        "groupby" => filters::groupby, "unique" => filters::unique, "chain" => filters::chain, "zip" => filters::zip,
        "format" => filters::format,
    }
    env.add_filter("string", |value: Value| text_of(&value));
    env.add_filter("trim", |text: Value, chars: Option<String>| -> Result<Value, Error> {
        let text = text_of(&text)?;
        Ok(Value::from(match chars {
            Some(chars) => text.trim_matches(|c| chars.contains(c)),
            None => text.trim_matches(is_space),
        }))
    });
    env.add_filter("tojson", tojson);
    env.remove_filter("pprint");
}

const MAX_INDENT: i64 = 64;

fn tojson(value: Value, args: Rest<ValueOrKwargs>) -> Result<String, Error> {
    let args = args.into_values();
    let (ascii, indent, separators, sort, kwargs): (Option<bool>, Option<Value>, Option<Value>, Option<bool>, Kwargs) =
        from_args(&args)?;
    let ascii = ascii.or(kwargs.get("ensure_ascii")?).unwrap_or(false);
    let sort = sort.or(kwargs.get("sort_keys")?).unwrap_or(false);
    let indent: Option<Value> = indent.or(kwargs.get("indent")?);
    let separators: Option<Value> = separators.or(kwargs.get("separators")?);
    kwargs.assert_all_used()?;
    let indent = match indent {
        None => None,
        Some(value) if value.is_none() || value.is_undefined() => None,
        Some(value) => match value.as_str() {
            Some(text) => Some(text.to_string()),
            None => Some(" ".repeat(i64::try_from(value)?.clamp(0, MAX_INDENT + 1) as usize)),
        },
    };
    if indent.as_ref().is_some_and(|text| text.len() > MAX_INDENT as usize) {
        return Err(failure(format!("tojson: indent is over {MAX_INDENT}")));
    }
    let (item, key) = match separators {
        Some(pair) if !pair.is_none() && !pair.is_undefined() => {
            let text = |index| -> Result<String, Error> {
                let part = pair.get_item_by_index(index)?;
                match part.as_str() {
                    Some(text) if text.len() <= 64 => Ok(text.to_string()),
                    _ => Err(failure("tojson: separators must be two short texts")),
                }
            };
            (text(0)?, text(1)?)
        }
        _ => (if indent.is_some() { "," } else { ", " }.to_string(), ": ".to_string()),
    };
    dumps(&value, &Dumps { ascii, indent, item, key, sort })
}

fn namespace(state: &mut State, args: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    thread_local! {
        static ORIGINAL: Value = Value::from_function(functions::namespace);
    }
    let args = args.into_values();
    weigh_all(&args)?;
    count_namespace()?;
    ORIGINAL.with(Value::clone).call(state, &args)
}

fn dict(state: &mut State, args: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    thread_local! {
        static ORIGINAL: Value = Value::from_function(functions::dict);
    }
    let args = args.into_values();
    weigh_all(&args)?;
    settle(ORIGINAL.with(Value::clone).call(state, &args)?)
}

/// The date is fixed by the caller, so that a data set is the same tomorrow; see `civil` for the format.
fn strftime_now(format: String) -> Result<String, Error> {
    let now = with(|budget| budget.date.clone());
    crate::date::strftime(&format, now.as_deref())
}

fn generation_begin() -> String {
    with(|b| {
        let written = b.written();
        b.open.push(written);
    });
    String::new()
}

fn generation_end() -> String {
    with(|b| {
        if let Some(begin) = b.open.pop() {
            let end = b.written();
            b.ranges.push((begin, end));
        }
    });
    String::new()
}

/// `fuel`: how many instructions one rendering may take.
pub fn make(fuel: u64) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_fuel(Some(fuel));
    env.set_recursion_limit(200);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.set_formatter(|out, _state, value| {
        let text;
        let piece = match value.as_str() {
            Some(piece) => {
                charge(piece.len())?;
                piece
            }
            None => {
                text = text_of(value)?;
                &text
            }
        };
        out.write_str(piece).map_err(|_| failure("the text is too long"))
    });
    env.set_unknown_method_callback(methods::call);
    add_filters(&mut env);
    operators::install(&mut env);
    env.remove_global("debug");
    env.add_function("namespace", namespace);
    env.add_function("dict", dict);
    env.add_function("raise_exception", |message: Value| -> Result<Value, Error> { Err(failure(message.to_string())) });
    env.add_function("strftime_now", strftime_now);
    env.add_function(GENERATION_BEGIN, generation_begin);
    env.add_function(GENERATION_END, generation_end);
    env.add_test("sequence", |value: Value| {
        matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map | ValueKind::String)
    });
    env.add_test("iterable", |value: Value| value.try_iter().is_ok() && !value.is_undefined() || value.as_str().is_some());
    env
}

pub const GENERATION_BEGIN: &str = "_weft_generation_begin";
pub const GENERATION_END: &str = "_weft_generation_end";
