// SPDX-License-Identifier: GPL-3.0-or-later
//! strftime for chat templates: the day as "YYYY-MM-DD" or "YYYY-MM-DD HH:MM:SS"; without one, now in UTC.
use crate::budget::failure;
use minijinja::Error;
use std::time::{SystemTime, UNIX_EPOCH};

const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (years from March, so that the leap day comes last).
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted - era * 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let index = (5 * of_year + 2) / 153;
    let month = if index < 10 { index + 3 } else { index - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * index + 2) / 5 + 1)
}

fn now() -> Moment {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
    let (year, month, day) = date_of(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    Moment { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 }
}

fn parse(text: &str) -> Option<Moment> {
    let numbers: Vec<i64> = text.split(['-', ' ', ':', 'T']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
    let moment = Moment { year: at(0), month: at(1), day: at(2), hour: at(3), minute: at(4), second: at(5) };
    let fits = numbers.len() >= 3 && (1..=9999).contains(&moment.year) && (1..=12).contains(&moment.month);
    (fits && (1..=31).contains(&moment.day)).then_some(moment)
}

pub fn strftime(format: &str, date: Option<&str>) -> Result<String, Error> {
    let m = match date {
        Some(text) => parse(text).ok_or_else(|| failure("the date must be YYYY-MM-DD"))?,
        None => now(),
    };
    let days = days_of(m.year, m.month, m.day);
    let weekday = (days + 3).rem_euclid(7) as usize;
    let month = MONTHS[(m.month - 1) as usize];
    let hour12 = if m.hour % 12 == 0 { 12 } else { m.hour % 12 };
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut directive = chars.next();
        let unpadded = directive == Some('-');
        if unpadded {
            directive = chars.next();
        }
        let two = |value: i64| if unpadded { value.to_string() } else { format!("{value:02}") };
        out.push_str(&match directive {
            Some('Y') => m.year.to_string(),
            Some('y') => two(m.year % 100),
            Some('m') => two(m.month),
            Some('d') => two(m.day),
            Some('e') => format!("{:2}", m.day),
            Some('H') => two(m.hour),
            Some('I') => two(hour12),
            Some('M') => two(m.minute),
            Some('S') => two(m.second),
            Some('p') => if m.hour < 12 { "AM" } else { "PM" }.to_string(),
            Some('B') => month.to_string(),
            Some('b' | 'h') => month[..3].to_string(),
            Some('A') => DAYS[weekday].to_string(),
            Some('a') => DAYS[weekday][..3].to_string(),
            Some('j') => format!("{:03}", days - days_of(m.year, 1, 1) + 1),
            Some('F') => format!("{:04}-{:02}-{:02}", m.year, m.month, m.day),
            Some('T') => format!("{:02}:{:02}:{:02}", m.hour, m.minute, m.second),
            Some('D') => format!("{:02}/{:02}/{:02}", m.month, m.day, m.year % 100),
            Some('Z') => "UTC".to_string(),
            Some('%') => "%".to_string(),
            other => return Err(failure(format!("strftime_now does not know %{}", other.unwrap_or(' ')))),
        });
    }
    Ok(out)
}
