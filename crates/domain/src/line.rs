//! One line under several numbers: countries that lengthened their numbers, and WhatsApp, which for some lines keeps the
//! form in which they were first registered.
//!
//! For the control plane alone: a worker is told the forms and compares them as they are.

use crate::Digits;

/// A country whose lines have two forms.
struct Country {
    /// Its calling code.
    code: &'static str,
    /// The other form of a national number, where it has one.
    other: fn(&str) -> Option<String>,
}

/// Every country whose lines have two forms, each with the source of its rule.
const COUNTRIES: [Country; 5] = [
    // Brazil: mobile numbers got a 9 behind the area code, first on 29 July 2012 (area 11), last on 6 November 2016
    // (Anatel, Resolução 553 of 14 December 2010, article 2; repealed by 749 of 15 March 2022, which keeps the form).
    // WhatsApp goes on without the 9 in most areas: not in 11 to 19, 21, 22, 24, 27 and 28 (help pages of gateways:
    // green-api.com, whapi.cloud; none of WhatsApp's own was found).
    Country { code: "55", other: brazil },
    // Mexico: the 1 in front of mobile numbers for calls from abroad was dropped on 3 August 2019 (IFT, Plan Técnico
    // Fundamental de Numeración, Diario Oficial of 11 May 2018); WhatsApp writes many lines with it (help pages of
    // gateways: green-api.com, wassenger.com; none of WhatsApp's own was found).
    Country { code: "52", other: |national| marked(national, "1", 10) },
    // Argentina: a 9 in front of mobile numbers for calls from abroad, and ten digits behind it, area code and all (Plan
    // Fundamental de Numeración Nacional of 1997, under ENACOM; its own text was not found, libphonenumber's rules for
    // AR and the pages on Argentina's numbers say so). WhatsApp writes it with the 9 (help pages of gateways).
    Country { code: "54", other: |national| marked(national, "9", 10) },
    // Ivory Coast: from 8 to 10 digits on 31 January 2021; the operator's two digits stand in front: 01 Moov, 05 MTN, 07
    // Orange, by the second digit of the old number (ARTCI's notice to the ITU under E.129, as
    // github.com/guyaristide/numerotation has its tables; libphonenumber, resources/metadata/225/ranges.csv).
    Country { code: "225", other: ivory_coast },
    // Benin: from 8 to 10 digits on 30 November 2024, with 01 in front of every old number (ARCEP Bénin, by the press of
    // that day, allafrica.com/stories/202411300249.html; libphonenumber's rules for BJ).
    Country { code: "229", other: |national| marked(national, "01", 8) },
];

/// The other forms of the line with this number, by its country's rules; none for most countries.
#[must_use]
pub fn line_forms(number: &Digits) -> Vec<Digits> {
    let other = COUNTRIES.iter().find_map(|country| {
        let national = number.as_str().strip_prefix(country.code)?;
        (country.other)(national).map(|other| format!("{}{other}", country.code))
    });
    other.and_then(|other| Digits::new(other).ok()).into_iter().collect()
}

/// Whether two numbers are one line.
#[must_use]
pub fn is_same_line(one: &Digits, other: &Digits) -> bool {
    one == other || line_forms(one).contains(other)
}

/// Puts a mark in front of a number of `length` digits, or takes it away from one that has it.
fn marked(national: &str, mark: &str, length: usize) -> Option<String> {
    if national.len() == length {
        return Some(format!("{mark}{national}"));
    }
    let bare = national.strip_prefix(mark)?;
    (bare.len() == length).then(|| bare.to_owned())
}

/// Mobile numbers begin with 6 to 9 behind the area code, or with the 9 and then one of these. Others behind the 9 were
/// given out after the change, and without it are somebody else's fixed line.
fn brazil(national: &str) -> Option<String> {
    let (area, line) = national.split_at_checked(2)?;
    let is_mobile = |line: &str| line.len() == 8 && line.starts_with(['6', '7', '8', '9']);
    if is_mobile(line) {
        return Some(format!("{area}9{line}"));
    }
    let bare = line.strip_prefix('9')?;
    is_mobile(bare).then(|| format!("{area}{bare}"))
}

/// Lines of the fixed network, whose old numbers begin with 2 or 3, got 21, 25 or 27: which one follows from a table of
/// their third digit of which no whole copy was found, so that they keep the form in which they are declared.
fn ivory_coast(national: &str) -> Option<String> {
    let operator = |old: &str| match old.as_bytes() {
        [b'2' | b'3', ..] => None,
        [_, b'0'..=b'3', ..] => Some("01"),
        [_, b'4'..=b'6', ..] => Some("05"),
        [_, b'7'..=b'9', ..] => Some("07"),
        _ => None,
    };
    if national.len() == 8 {
        return operator(national).map(|operator| format!("{operator}{national}"));
    }
    let (prefix, old) = national.split_at_checked(2)?;
    (old.len() == 8 && operator(old) == Some(prefix)).then(|| old.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Digits {
        Digits::new(text).unwrap()
    }

    #[test]
    fn both_forms_of_a_line_lead_to_each_other() {
        for (one, other) in [
            ("5511987654321", "551187654321"),
            ("5215512345678", "525512345678"),
            ("5491123456789", "541123456789"),
            ("2250707123456", "22507123456"),
            ("2250544123456", "22544123456"),
            ("2250140123456", "22540123456"),
            // Rows of ARTCI's tables: Moov 01, 43, 73; MTN 04, 44.
            ("2250101123456", "22501123456"),
            ("2250143123456", "22543123456"),
            ("2250173123456", "22573123456"),
            ("2250504123456", "22504123456"),
            ("2250544999999", "22544999999"),
            // A fixed line of Cotonou: the 01 stands in front of all.
            ("2290121301234", "22921301234"),
            ("2290197123456", "22997123456"),
        ] {
            assert_eq!(line_forms(&digits(one)), [digits(other)], "{one}");
            assert_eq!(line_forms(&digits(other)), [digits(one)], "{other}");
            assert!(is_same_line(&digits(one), &digits(other)) && is_same_line(&digits(other), &digits(one)));
        }
    }

    #[test]
    fn other_lines_have_one_form() {
        // Tanzania, a landline in São Paulo, one in Abidjan, a number of another operator, the United States, too short.
        // A mobile line of São Paulo that was given out after the change: without its 9 it is a fixed line's.
        for number in [
            "255712345678",
            "551133334444",
            "5511953334444",
            "22520123456",
            "2250144123456",
            "15551234567",
            "52551",
            "55119",
        ] {
            assert_eq!(line_forms(&digits(number)), [], "{number}");
        }
        assert!(!is_same_line(&digits("5511987654321"), &digits("5511987654322")));
    }
}
