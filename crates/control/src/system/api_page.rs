//! `GET /admin/docs`: the document as a page, without scripts and without anything from elsewhere.

use askama::Template;
use axum::{extract::State, response::Response};
use serde_json::Value;
use web::ui::{Head, Pill, Tone};

use crate::{
    App,
    auth::Operator,
    shell::{self, Section},
};

#[derive(Template)]
#[template(path = "docs.html")]
struct View {
    groups: Vec<(String, Vec<Entry>)>,
    schemas: Vec<(String, String)>,
    intro: String,
}

struct Entry {
    id: String,
    method: Pill,
    path: String,
    summary: String,
    parameters: Vec<(String, String, String)>,
    takes: Option<String>,
    answers: Vec<(String, String, Option<String>)>,
}

/// The API's reference as a page
#[utoipa::path(
    get, path = "/admin/docs", tag = "system", responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(State(app): State<App>, operator: Operator) -> Response {
    let document = super::api_document::document();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut groups: Vec<(String, Vec<Entry>)> = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = text(&operation["tags"][0]);
            let entry = entry(method, path, operation);
            match groups.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, entries)) => entries.push(entry),
                None => groups.push((tag, vec![entry])),
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, schema)| (name.clone(), format!("{schema:#}"))).collect();
    let view = View { groups, schemas, intro: text(&document["info"]["description"]) };
    let head = Head { title: "API".to_owned(), ..Head::default() };
    shell::page(&app, &operator, Section::System, head, &view).await
}

fn entry(method: &str, path: &str, operation: &Value) -> Entry {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let schema_of = |content: &Value| -> Option<String> {
        let (media, body) = content.as_object()?.iter().next()?;
        let schema = &body["schema"];
        let name = schema["$ref"].as_str().or(schema["items"]["$ref"].as_str());
        Some(name.and_then(|name| name.rsplit('/').next()).map_or_else(|| media.clone(), str::to_owned))
    };
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let answers = operation["responses"].as_object().into_iter().flatten();
    let tone = match method {
        "get" => Tone::Ok,
        "delete" => Tone::Bad,
        _ => Tone::Warn,
    };
    Entry {
        id: text(&operation["operationId"]),
        method: Pill { tone, word: method.to_uppercase() },
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        parameters: parameters
            .map(|one| (text(&one["name"]), text(&one["in"]), text(&one["description"])))
            .collect(),
        takes: schema_of(&operation["requestBody"]["content"]),
        answers: answers
            .map(|(status, answer)| {
                (status.clone(), text(&answer["description"]), schema_of(&answer["content"]))
            })
            .collect(),
    }
}
