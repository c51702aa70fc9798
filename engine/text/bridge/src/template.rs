// SPDX-License-Identifier: GPL-3.0-or-later
//! Chat templates: compiled once, rendered within a budget, with the byte ranges of {% generation %} blocks.
use crate::budget;
use crate::environment::{self, GENERATION_BEGIN, GENERATION_END};
use crate::ffi::{bytes, fenced, fenced_value, free_array, give_array, text, Failure, WeftString};
use crate::operators::substitute;
use minijinja::machinery::{eval, make_string_output, parse, tokenize, CodeGenerator, Instruction, Instructions, Token};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::os::raw::{c_char, c_int};
use std::sync::OnceLock;

const MAX_SOURCE: usize = 256 << 10;
const MAX_TAG_TOKENS: usize = 2000;
const FUEL: u64 = 5_000_000;
const MAX_RAW_BYTES: u64 = 512 << 20;
const COMPILER_STACK: usize = 64 << 20;

pub struct WeftTemplate {
    instructions: Instructions<'static>,
    blocks: BTreeMap<&'static str, Instructions<'static>>,
    environment: &'static Environment<'static>,
    _source: Source,
}

/// Owns the text that the compiled template points into; dropped after it.
struct Source(*mut str);
unsafe impl Send for Source {}
unsafe impl Sync for Source {}
impl Drop for Source {
    fn drop(&mut self) {
        drop(unsafe { Box::from_raw(self.0) });
    }
}

fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("the default delimiters are valid")
}

/// Four environments that differ in how many instructions they allow.
fn environment_with(fuel: u64) -> &'static Environment<'static> {
    static LEVELS: [OnceLock<Environment<'static>>; 4] = [const { OnceLock::new() }; 4];
    let (level, fuel) = match fuel {
        f if f >= FUEL => (0, FUEL),
        f if f >= FUEL / 10 => (1, FUEL / 10),
        f if f >= FUEL / 100 => (2, FUEL / 100),
        _ => (3, FUEL / 1000),
    };
    LEVELS[level].get_or_init(|| environment::make(fuel))
}

/// {% generation %} and {% endgeneration %} become calls that note how far the text has come; the dashes stay.
/// A scope of its own, as transformers gives the block.
fn mark_generation(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('{') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        if let Some(end) = tag.starts_with("{#").then(|| tag.find("#}")).flatten() {
            out.push_str(&tag[..end + 2]);
            rest = &tag[end + 2..];
            continue;
        }
        if let Some((open, name, close, length)) = generation_tag(tag) {
            if name == "generation" {
                let _ = write!(out, "{{%{open} with _weft_generation = {GENERATION_BEGIN}() {close}%}}");
            } else {
                let _ = write!(out, "{{%{open} do {GENERATION_END}() %}}{{% endwith {close}%}}");
            }
            rest = &tag[length..];
            continue;
        }
        out.push('{');
        rest = &tag[1..];
    }
    out + rest
}

fn generation_tag(tag: &str) -> Option<(&str, &str, &str, usize)> {
    let body_end = tag.strip_prefix("{%")?.find("%}")?;
    let mut body = &tag[2..2 + body_end];
    let (mut open, mut close) = ("", "");
    if let Some(rest) = body.strip_prefix(['-', '+']) {
        open = &body[..1];
        body = rest;
    }
    if let Some(rest) = body.strip_suffix(['-', '+']) {
        close = &body[rest.len()..];
        body = rest;
    }
    let name = body.trim();
    matches!(name, "generation" | "endgeneration").then_some((open, name, close, body_end + 4))
}

fn is_operand(token: &Token) -> bool {
    matches!(token, Token::Int(_) | Token::Int128(_) | Token::Float(_))
}

/// Two guards on the text itself, for what happens before the budget starts. An expression of thousands of operators would
/// be walked recursively, so its length is limited. And constants are folded while compiling: in a tag that multiplies,
/// numbers are hidden from that as (n|int), or one tag could fill the memory.
fn guard_tags(source: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(source.len());
    let mut copied = 0;
    let (mut tokens, mut multiplies) = (0usize, false);
    let mut numbers: Vec<(usize, usize, bool)> = Vec::new();
    for token in tokenize(source, false, syntax()) {
        let (token, span) = token?;
        match token {
            Token::VariableStart | Token::BlockStart => {
                (tokens, multiplies) = (0, false);
                numbers.clear();
            }
            Token::VariableEnd | Token::BlockEnd if multiplies => {
                for &(begin, end, real) in &numbers {
                    out.push_str(&source[copied..begin]);
                    let _ = write!(out, "({}|{})", &source[begin..end], if real { "float" } else { "int" });
                    copied = end;
                }
            }
            Token::Mul => multiplies = true,
            ref number if is_operand(number) => {
                numbers.push((span.start_offset as usize, span.end_offset as usize, matches!(number, Token::Float(_))));
            }
            _ => {}
        }
        tokens += 1;
        if tokens > MAX_TAG_TOKENS {
            return Err(budget::failure(format!("line {}: a tag of over {MAX_TAG_TOKENS} symbols", span.start_line)));
        }
    }
    out.push_str(&source[copied..]);
    Ok(out)
}

/// The template's own text is written uncounted, and a chained comparison is not one of our operators: long texts and such
/// comparisons leave a template fewer instructions.
fn fuel_for<'a>(parts: impl Iterator<Item = &'a Instructions<'static>>) -> u64 {
    let (mut longest, mut chained) = (1, false);
    for part in parts {
        let mut index = 0;
        while let Some(instruction) = part.get(index) {
            match instruction {
                Instruction::EmitRaw(raw) => longest = longest.max(raw.len()),
                Instruction::CompareAndPreserve(_) => chained = true,
                _ => {}
            }
            index += 1;
        }
    }
    let fuel = FUEL.min(MAX_RAW_BYTES / longest as u64);
    if chained {
        fuel.min(FUEL / 100)
    } else {
        fuel
    }
}

fn compile(source: &str) -> Result<WeftTemplate, Error> {
    if source.len() > MAX_SOURCE {
        return Err(budget::failure(format!("the template has {} bytes, over the limit of {MAX_SOURCE}", source.len())));
    }
    let source = mark_generation(&source.replace("\r\n", "\n").replace('\r', "\n"));
    let owner = Source(Box::into_raw(guard_tags(&source)?.into_boxed_str()));
    let source: &'static str = unsafe { &*owner.0 };
    let tree = parse(source, "template", syntax())?;
    let mut generator = CodeGenerator::new("template", source);
    generator.compile_stmt(&tree);
    drop(tree);
    let (mut instructions, mut blocks) = generator.finish();
    let environment = environment_with(fuel_for(std::iter::once(&instructions).chain(blocks.values())));
    substitute(&mut instructions);
    for block in blocks.values_mut() {
        substitute(block);
    }
    Ok(WeftTemplate { instructions, blocks, environment, _source: owner })
}

/// "line 3: what is wrong", from the innermost error that says something.
fn explain(error: &Error) -> String {
    let mut line = error.line();
    let mut detail = describe(error);
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(inner) = inner.downcast_ref::<Error>() {
            line = inner.line().or(line);
            detail = describe(inner);
        }
        source = inner.source();
    }
    match line {
        Some(line) => format!("line {line}: {detail}"),
        None => detail,
    }
}

fn describe(error: &Error) -> String {
    match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "the template runs for too many steps".into(),
        (ErrorKind::InvalidOperation, Some(detail)) => detail.to_string(),
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    }
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_template_compile(
    data: *const c_char,
    size: usize,
    out: *mut *mut WeftTemplate,
    error: *mut WeftString,
) -> c_int {
    fenced(error, || {
        let source = text(data, size)?;
        // The parser recurses; a stack of known size makes its own depth limits hold whatever the caller has left.
        let compiled = std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(COMPILER_STACK)
                .spawn_scoped(scope, || compile(source).map_err(|e| explain(&e)))
                .map(|thread| thread.join())
        });
        match compiled {
            Ok(Ok(Ok(template))) => {
                *out = Box::into_raw(Box::new(template));
                Ok(())
            }
            Ok(Ok(Err(message))) => Err(Failure(message)),
            Ok(Err(_)) => Err(Failure("the template cannot be compiled".into())),
            Err(e) => Err(Failure(format!("no thread for the template compiler: {e}"))),
        }
    })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_template_free(template: *mut WeftTemplate) {
    if !template.is_null() {
        fenced_value((), || drop(Box::from_raw(template)));
    }
}

impl WeftTemplate {
    fn render(&'static self, context: &[u8]) -> Result<(String, Vec<(usize, usize)>), Failure> {
        let mut variables: serde_json::Value = serde_json::from_slice(context)?;
        budget::start(context.len());
        let date = variables.as_object_mut().and_then(|all| all.remove("_weft_date"));
        budget::with(|b| b.date = date.and_then(|value| value.as_str().map(String::from)));
        // {% generation %} asks how long the text is while minijinja writes it, through the pointer both were given.
        let out: *mut String = Box::into_raw(Box::default());
        budget::with(|b| b.text = out);
        let result = {
            let mut output = make_string_output(unsafe { &mut *out });
            eval(
                self.environment,
                &self.instructions,
                Value::from(Serde(&variables)),
                &self.blocks,
                &mut output,
                AutoEscape::None,
            )
            .map(|_| ())
        };
        let rendered = *unsafe { Box::from_raw(out) };
        let ranges = budget::with(|b| {
            b.text = std::ptr::null();
            std::mem::take(&mut b.ranges)
        });
        result.map_err(|error| Failure(explain(&error)))?;
        Ok((rendered, ranges))
    }
}

#[repr(C)]
pub struct WeftRendering {
    text: WeftString,
    ranges: *mut usize,
    range_count: usize,
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_render(
    template: *const WeftTemplate,
    context: *const c_char,
    size: usize,
    out: *mut WeftRendering,
    error: *mut WeftString,
) -> c_int {
    fenced(error, || {
        // 'static only towards minijinja's types: nothing made in render() outlives the call, and the caller keeps the template.
        let template: &'static WeftTemplate = &*template;
        let (text, ranges) = template.render(bytes(context, size))?;
        let flat: Vec<usize> = ranges.iter().flat_map(|range| [range.0, range.1]).collect();
        *out = WeftRendering { text: text.into(), range_count: ranges.len(), ranges: give_array(flat) };
        Ok(())
    })
}

#[no_mangle]
pub unsafe extern "C" fn weft_text_rendering_free(rendering: WeftRendering) {
    crate::ffi::weft_text_string_free(rendering.text);
    free_array(rendering.ranges, rendering.range_count * 2);
}
