//! Phone numbers of many countries, and errors that show a correct example.

use domain::{Digits, Phone};
use proptest::prelude::*;

#[test]
fn numbers_of_many_countries_are_read_as_people_write_them() {
    for (written, e164) in [
        ("+255 712 345 678", "+255712345678"),    // Tanzania
        ("+254 712-345-678", "+254712345678"),    // Kenya
        ("+256 772 123456", "+256772123456"),     // Uganda
        ("+250 788 123 456", "+250788123456"),    // Rwanda
        ("+243 812 345 678", "+243812345678"),    // DR Congo
        ("+234 803 123 4567", "+2348031234567"),  // Nigeria
        ("+27 82 123 4567", "+27821234567"),      // South Africa
        ("+20 100 123 4567", "+201001234567"),    // Egypt
        ("+44 7400 123456", "+447400123456"),     // United Kingdom
        ("+49 1512 3456789", "+4915123456789"),   // Germany
        ("+33 6 12 34 56 78", "+33612345678"),    // France
        ("+1 (202) 555-0143", "+12025550143"),    // United States
        ("+55 11 96123-4567", "+5511961234567"),  // Brazil
        ("+91 98765 43210", "+919876543210"),     // India
        ("+86 131 2345 6789", "+8613123456789"),  // China
        ("+971.50.123.4567", "+971501234567"),    // United Arab Emirates
        ("  +62 812-3456-789 ", "+628123456789"), // Indonesia
    ] {
        let phone = Phone::parse(written).unwrap();
        assert_eq!(phone.as_str(), e164);
        assert_eq!(phone.digits().as_str(), &e164[1..]);
        assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone, "its own form is read too");
        assert_eq!(serde_json::to_value(&phone).unwrap(), serde_json::json!(e164));
    }
}

#[test]
fn what_is_no_number_is_refused_with_the_reason_and_an_example() {
    for (written, why) in [
        ("0712345678", "country code"),
        ("255712345678", "country code"),
        ("", "country code"),
        ("+", ""),
        ("+255", ""),
        ("+255 71", ""),
        ("+255 712 345 678 901", ""),
        ("+999 712 345 678", ""),
        ("+255 712 345 67a", "characters"),
        ("+255712345678;ext=1", "characters"),
        ("+255712345678\u{0}", "characters"),
        ("+٢٥٥٧١٢٣٤٥٦٧٨", "characters"),
        ("++255712345678", "characters"),
        ("+1 (((((((((((((", ""),
    ] {
        let error = Phone::parse(written).unwrap_err().to_string();
        assert!(error.contains(why), "{written}: {error}");
        assert!(error.ends_with("write it with its country code, like +255712345678"), "{error}");
    }
    let long = Phone::parse(&format!("+{}", "1".repeat(100_000))).unwrap_err().to_string();
    assert!(long.contains("too long") && long.len() < 200, "{long}");
}

#[test]
fn json_with_a_bad_number_says_the_same() {
    let error = serde_json::from_str::<Phone>("\"0712\"").unwrap_err().to_string();
    assert!(error.contains("+255712345678"), "{error}");
}

#[test]
fn digits_are_masked_in_logs() {
    let digits = Digits::new("255712345678").unwrap();
    assert_eq!(digits.masked(), "*********678");
    assert_eq!(format!("{digits:?}"), "*********678");
    assert_eq!(digits.to_string(), "255712345678");
}

#[test]
fn digits_are_5_to_20_of_them_and_nothing_else() {
    for good in ["12345", "12345678901234567890"] {
        assert_eq!(Digits::new(good).unwrap().as_str(), good);
    }
    for bad in ["", "1234", "123456789012345678901", "+12345", "12 345", "١٢٣٤٥", "12345\n"] {
        assert!(Digits::new(bad).is_err(), "{bad:?}");
        assert!(serde_json::from_value::<Digits>(serde_json::json!(bad)).is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn nothing_that_is_typed_panics(text in "\\PC{0,80}", tail in "[-+0-9 ().]{0,40}") {
        let _ = Phone::parse(&text);
        if let Ok(phone) = Phone::parse(&format!("+{tail}")) {
            prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone);
        }
        let _ = Digits::new(text);
    }
}
