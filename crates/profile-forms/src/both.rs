//! A name in both languages as one line: `Swahili / English`. A name without a slash is in Swahili, one after a slash alone in
//! English.

use domain::Text;

/// Writes it; empty where there is none.
pub(crate) fn line(text: &Text) -> String {
    match (&text.sw, &text.en) {
        (Some(sw), Some(en)) => format!("{sw} / {en}"),
        (Some(sw), None) => sw.clone(),
        (None, Some(en)) => format!("/ {en}"),
        (None, None) => String::new(),
    }
}

/// Reads it.
pub(crate) fn read(line: &str) -> Text {
    let given = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let (sw, en) = line.split_once('/').map_or((line, None), |(sw, en)| (sw, given(en)));
    Text { sw: given(sw), en }
}
