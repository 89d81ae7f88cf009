//! Problems as pages, for whoever would rather read one than a document.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::header;

use crate::{
    Client, Problem, RequestId,
    ui::{ProblemPage, ShellSource},
};

/// Turns a problem into a page. Status and headers stay.
pub(crate) async fn make(State(source): State<ShellSource>, request: Request, next: Next) -> Response {
    let client = Client::of(request.headers());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    if !client.html {
        return response;
    }
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    let request_id = id.as_ref().map_or("", |id| id.0.as_str());
    let mut page = ProblemPage { problem: &problem, request_id }.answer(&source, client);
    *page.status_mut() = response.status();
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE
            && name != header::CONTENT_LENGTH
            && !page.headers().contains_key(name)
        {
            page.headers_mut().append(name, value.clone());
        }
    }
    page
}
