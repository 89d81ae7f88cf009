//! What was just done, said on the page that a form leads to: where no script runs nobody else would say it.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderValue, header};

use crate::{Client, place};

/// The cookie that carries it from the answer to the page. Only what we have said ourselves, and shown as text.
const COOKIE: &str = "flowhq_said";
/// It is of use to the very next page alone.
const SECONDS: u32 = 30;
/// Bytes of it that are read; a sentence is far shorter.
const MOST: usize = 2_000;

tokio::task_local! {
    static SAID: Option<String>;
}

/// Has the page that an answer leads to say something.
#[must_use]
pub fn keep(mut response: Response, text: &str) -> Response {
    let cookie =
        format!("{COOKIE}={}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax", place::encode(text));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What is to be said on the page that is being made.
pub(crate) fn now() -> Option<String> {
    SAID.try_with(Clone::clone).unwrap_or_default()
}

/// Hands it to the page, which says it once.
pub(crate) async fn hand_on(request: Request, next: Next) -> Response {
    let client = Client::of(request.headers());
    let page = request.method().is_safe() && client.html && !client.fragment;
    let said = if page { read(request.headers()) } else { None };
    let spent = said.is_some();
    let mut response = SAID.scope(said, next.run(request)).await;
    if spent && response.status().is_success() {
        let cookie = HeaderValue::from_static("flowhq_said=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn read(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, text) = pairs.find(|(name, text)| *name == COOKIE && !text.is_empty() && text.len() <= MOST)?;
    place::decode(text)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    #[test]
    fn what_is_kept_is_what_is_read() {
        let text = "Imehifadhiwa; “bot” inaijua papo hapo & = %.";
        let kept = keep(().into_response(), text);
        let cookie =
            kept.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let headers = HeaderMap::from_iter([(header::COOKIE, format!("a=b; {cookie}").parse().unwrap())]);
        assert_eq!(read(&headers).as_deref(), Some(text));
        for none in ["flowhq_said=", "flowhq_said=%ff", "x=flowhq_said"] {
            let headers = HeaderMap::from_iter([(header::COOKIE, none.parse().unwrap())]);
            assert_eq!(read(&headers), None, "{none}");
        }
    }
}
