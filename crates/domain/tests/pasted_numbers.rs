//! Numbers as people paste them.

use domain::Phone;

#[test]
fn a_number_is_taken_as_it_is_pasted() {
    for text in [
        "\u{202a}+255 712 345 678\u{202c}",
        "\u{200e}+255\u{a0}712\u{202f}345\u{2009}678",
        "+255\u{2011}712\u{2013}345\u{2212}678",
        "\u{feff}+255712345678",
        "tel:+255-712-345-678",
        "TEL: +255712345678",
        "\u{ff0b}255712345678\u{200b}",
        " +255 (712) 345.678 ",
    ] {
        assert_eq!(Phone::parse(text).unwrap().as_str(), "+255712345678", "{text:?}");
    }
}

#[test]
fn what_is_in_the_way_is_shown() {
    let refused = |text: &str| Phone::parse(text).unwrap_err().to_string();
    assert!(refused("+255 712 345 678 x2").contains("'x' (U+0078)"), "{}", refused("+255 712 345 678 x2"));
    assert!(refused("+255 712 345 67O").contains("'O' (U+004F)"));
    assert!(refused("+255712\u{0}").contains("U+0000"));
    assert!(!refused("+255712\u{1b}").contains('\u{1b}'), "and steers no terminal");
    assert!(refused("0712345678").contains("country code"));
}

#[test]
fn either_form_of_a_line_is_taken() {
    for (new, old) in [
        ("+5511987654321", "+55 11 8765-4321"),
        ("+2250707123456", "+225 07 12 34 56"),
        ("+2290197123456", "+229 97 12 34 56"),
    ] {
        let (new, old) = (Phone::parse(new).unwrap(), Phone::parse(old).unwrap());
        assert!(domain::is_same_line(&new.digits(), &old.digits()), "{new} and {old}");
    }
}
