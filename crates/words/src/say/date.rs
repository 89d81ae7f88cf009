//! Dates.

crate::catalogue::catalogue! { "date";
    january = "January" | "Januari";
    february = "February" | "Februari";
    march = "March" | "Machi";
    april = "April" | "Aprili";
    may = "May" | "Mei";
    june = "June" | "Juni";
    july = "July" | "Julai";
    august = "August" | "Agosti";
    september = "September" | "Septemba";
    october = "October" | "Oktoba";
    november = "November" | "Novemba";
    december = "December" | "Desemba";
}

/// A day like `28 November 2026`.
#[must_use]
pub fn of(day: i8, month: i8, year: i16) -> String {
    let name = match month {
        1 => january(),
        2 => february(),
        3 => march(),
        4 => april(),
        5 => may(),
        6 => june(),
        7 => july(),
        8 => august(),
        9 => september(),
        10 => october(),
        11 => november(),
        _ => december(),
    };
    format!("{day} {name} {year}")
}
