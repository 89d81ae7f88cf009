//! A number as people know their own: with the country chosen beside it, or with its `+`.

use domain::Phone;
use web::Problem;

/// Countries to choose from: their code and what they are called, the same in both languages where that is how they are
/// known. Any other is written with its `+`.
pub(super) const COUNTRIES: [(&str, &str); 16] = [
    ("+255", "Tanzania +255"),
    ("+254", "Kenya +254"),
    ("+256", "Uganda +256"),
    ("+250", "Rwanda +250"),
    ("+257", "Burundi +257"),
    ("+243", "DR Congo +243"),
    ("+258", "Moçambique +258"),
    ("+260", "Zambia +260"),
    ("+265", "Malawi +265"),
    ("+251", "Ethiopia +251"),
    ("+252", "Somalia +252"),
    ("+211", "South Sudan +211"),
    ("+269", "Komori +269"),
    ("+234", "Nigeria +234"),
    ("+27", "South Africa +27"),
    ("+968", "Oman +968"),
];

/// Reads it.
pub(super) fn read(country: &str, typed: &str) -> Result<Phone, Problem> {
    let wrong = |say: &'static str| Problem::invalid_field("whatsapp_number", say);
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(wrong(words::portal_setup::number_needed()));
    }
    let bare: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/')).collect();
    let known = COUNTRIES.iter().find(|(code, _)| *code == country).map(|(code, _)| *code);
    let parsed = if typed.starts_with('+') {
        Phone::parse(typed)
    } else if let Some(rest) = bare.strip_prefix("00") {
        Phone::parse(&format!("+{rest}"))
    } else if let Some(code) = known {
        // With its code and without the +, as WhatsApp shows it to some.
        let own = bare.strip_prefix(&code[1..]).filter(|rest| rest.len() >= 7);
        let rest = own.unwrap_or(&bare);
        Phone::parse(&format!("{code}{}", rest.strip_prefix('0').unwrap_or(rest)))
            .or_else(|_| Phone::parse(&format!("{code}{rest}")))
    } else {
        Phone::parse(typed)
    };
    parsed.map_err(|_| wrong(words::portal_setup::number_wrong()))
}

/// The country of a number, and the rest of it, for a form that is filled again.
pub(super) fn apart(number: &str) -> (&'static str, &str) {
    let found = COUNTRIES.iter().find_map(|(code, _)| Some((*code, number.strip_prefix(code)?)));
    found.unwrap_or_else(|| (if number.is_empty() { COUNTRIES[0].0 } else { "" }, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(country: &str, typed: &str) -> Option<String> {
        read(country, typed).ok().map(|phone| phone.as_str().to_owned())
    }

    #[test]
    fn a_number_is_taken_as_people_write_it() {
        let amina = Some("+255754000111".to_owned());
        for typed in [
            "0754 000 111",
            "754000111",
            "+255 754 000 111",
            "255754000111",
            "00255754000111",
            "0754-000-111",
        ] {
            assert_eq!(read_one("+255", typed), amina, "{typed}");
        }
        assert_eq!(read_one("+254", "0712 345 678"), Some("+254712345678".to_owned()));
        assert_eq!(read_one("", "+49 30 901820"), Some("+4930901820".to_owned()), "any country");
        assert_eq!(
            read_one("+255", "+49 30 901820"),
            Some("+4930901820".to_owned()),
            "the + goes before the choice"
        );
    }

    #[test]
    fn a_number_that_no_country_has_is_refused_in_words() {
        for (country, typed) in [
            ("+255", ""),
            ("+255", "12"),
            ("+255", "0754 000 11"),
            ("", "0754000111"),
            ("+255", "amina"),
            ("x", "1"),
        ] {
            let problem = read(country, typed).unwrap_err();
            assert_eq!(problem.field(), Some("whatsapp_number"), "{typed}");
        }
    }

    #[test]
    fn what_was_typed_stands_in_the_form_again() {
        assert_eq!(apart("+255754000111"), ("+255", "754000111"));
        assert_eq!(apart("+4930901820"), ("", "+4930901820"));
        assert_eq!(apart(""), ("+255", ""));
    }
}
