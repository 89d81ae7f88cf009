//! In which language whoever asks reads: what they chose, else what their browser prefers, else English.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Language;
use http::{HeaderMap, HeaderValue, header};

use crate::{Client, place::see_other};

/// The cookie that keeps a choice. No secret.
pub const COOKIE: &str = "flowhq_lang";
/// For how long it is kept: a year.
const SECONDS: u32 = 365 * 24 * 3600;

tokio::task_local! {
    static PLACE: String;
}

/// Has the answer made in the reader's language. Documents for scripts are English.
pub(crate) async fn choose(request: Request, next: Next) -> Response {
    let language = if Client::of(request.headers()).html { of(request.headers()) } else { Language::En };
    let place = PLACE.scope(place(&request), next.run(request));
    words::reading(language, place).await
}

/// Where the page that is being made can be asked for again; empty where that is not known.
#[must_use]
pub fn here() -> String {
    PLACE.try_with(Clone::clone).unwrap_or_default()
}

fn place(request: &Request) -> String {
    // What only takes a form cannot be gone back to, but the page that the form stands on.
    if !request.method().is_safe() {
        return crate::place::form_page(request.headers()).unwrap_or_default();
    }
    let uri = request.uri();
    // An old client may have put a password there.
    if uri.query().is_some_and(|query| query.contains("password")) {
        return uri.path().to_owned();
    }
    uri.path_and_query().map(ToString::to_string).unwrap_or_default()
}

/// The language that headers ask for.
#[must_use]
pub fn of(headers: &HeaderMap) -> Language {
    chosen(headers).or_else(|| preferred(headers)).unwrap_or(Language::En)
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, code)| words::of_code(code))
}

/// The best of those of ours that `Accept-Language` names (RFC 9110, 12.5.4).
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best = None;
    for item in lines.flat_map(|line| line.split(',')) {
        let (range, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |text| text.parse::<f32>().ok());
        let (Some(language), Some(weight)) = (words::of_code(range), weight) else { continue };
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

/// Keeps a choice and leads to a page.
#[must_use]
pub fn keep(language: Language, place: &str, https: bool) -> Response {
    let secure = if https { "; Secure" } else { "" };
    let code = words::code(language);
    let cookie = format!("{COOKIE}={code}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax{secure}");
    let mut response = see_other(place).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> Language {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        of(&headers)
    }

    #[test]
    fn a_choice_goes_before_the_browsers_wish() {
        let swahili = ("accept-language", "sw,en;q=0.5");
        assert_eq!(asked(&[swahili]), Language::Sw);
        assert_eq!(asked(&[swahili, ("cookie", "a=b; flowhq_lang=en")]), Language::En);
        assert_eq!(asked(&[("cookie", "flowhq_lang=sw")]), Language::Sw);
        assert_eq!(asked(&[swahili, ("cookie", "flowhq_lang=de")]), Language::Sw, "no language of ours");
    }

    #[test]
    fn the_browsers_wish_is_read_by_weight() {
        for (wish, language) in [
            ("de, sw-TZ;q=0.4, en;q=0.3", Language::Sw),
            ("en-GB,sw;q=0.9", Language::En),
            ("sw;q=0, en;q=0.1", Language::En),
            ("sw;q=x", Language::En),
            ("*", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(asked(&[("accept-language", wish)]), language, "{wish}");
        }
    }
}
