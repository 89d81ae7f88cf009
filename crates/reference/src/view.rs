//! The document made into what a page shows: operations by tag with an example and a line for a shell each, schemas with
//! their fields, and the errors, said once.

use std::fmt;

use askama::Template;
use serde_json::Value;
use strum::VariantArray;
use web::{
    Kind,
    ui::{Icon, Pill, Tone},
};

use crate::{
    curl, example,
    fields::{self, Field, Shape},
    schema::{Side, named, parts, resolved},
    spans::{Span, spans},
};

/// All that the page shows: the main part of one, within any frame.
#[derive(Debug, Template)]
#[template(path = "reference.html")]
pub struct Reference {
    /// The site's address, without a slash at the end.
    base: String,
    pub(crate) intro: Vec<Span>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) schemas: Vec<Schema>,
    pub(crate) errors: Vec<Status>,
}

/// Operations on one kind of thing.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) anchor: String,
    pub(crate) name: String,
    pub(crate) operations: Vec<Operation>,
}

/// One method of one path.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) anchor: String,
    pub(crate) method: Pill,
    pub(crate) path: String,
    pub(crate) summary: String,
    pub(crate) description: Vec<Span>,
    /// What is unlike a document that is asked for and answered: a stream, a table, a page.
    pub(crate) marks: Vec<&'static str>,
    pub(crate) parameters: Vec<Field>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
    /// Statuses of the errors that it may answer.
    pub(crate) errors: Vec<String>,
    pub(crate) curl: Code,
    /// What a search looks through, in lower case.
    pub(crate) find: String,
}

/// Text of an element, in which quotes may stand as they are: escaped they made a fifth of the page.
#[derive(Debug)]
pub(crate) struct Code(pub(crate) String);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_str();
        while let Some(at) = rest.find(['&', '<', '>']) {
            let (plain, from) = rest.split_at(at);
            f.write_str(plain)?;
            f.write_str(match from.as_bytes().first() {
                Some(b'&') => "&#38;",
                Some(b'<') => "&#60;",
                _ => "&#62;",
            })?;
            rest = from.get(1..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

impl askama::filters::HtmlSafe for Code {}

/// What a request sends.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) shape: Shape,
    pub(crate) media: Vec<String>,
    pub(crate) required: bool,
    pub(crate) fields: Vec<Field>,
}

/// What comes back where all went well.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: String,
    pub(crate) words: String,
    pub(crate) media: String,
    pub(crate) shape: Option<Shape>,
    pub(crate) headers: Vec<(String, Vec<Span>)>,
    pub(crate) example: Option<Code>,
}

/// One schema of the document.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) name: String,
    pub(crate) meaning: Vec<Span>,
    pub(crate) fields: Vec<Field>,
    /// Whether all of its fields are always there, said once.
    pub(crate) whole: bool,
    /// The words that it takes, where it is one of some.
    pub(crate) words: Vec<String>,
    /// Its shape where it is neither.
    pub(crate) shape: Option<Shape>,
    pub(crate) find: String,
}

/// The problems with one status.
#[derive(Debug)]
pub(crate) struct Status {
    pub(crate) status: u16,
    pub(crate) kinds: Vec<(String, &'static str, Vec<Span>)>,
}

/// Makes it. `base` is the address that the lines for a shell ask at, without a slash at the end; `order` are the tags in
/// the order in which somebody meets them.
#[must_use]
pub fn of(document: &Value, base: &str, order: &[&str]) -> Reference {
    let mut tags: Vec<Tag> = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, described) in methods.as_object().into_iter().flatten() {
            let operation = operation(document, base, method, path, described);
            let name = text(&described["tags"][0]);
            match tags.iter_mut().find(|tag| tag.name == name) {
                Some(tag) => tag.operations.push(operation),
                None => tags.push(Tag {
                    anchor: format!("tag-{}", name.replace(' ', "-")),
                    name,
                    operations: vec![operation],
                }),
            }
        }
    }
    // What scripts are for comes first; a tag that is new stands at the end.
    tags.sort_by_key(|tag| order.iter().position(|name| *name == tag.name).unwrap_or(order.len()));
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    Reference {
        base: base.to_owned(),
        intro: spans(document["info"]["description"].as_str().unwrap_or_default()),
        tags,
        schemas: schemas.map(|(name, described)| schema(document, name, described)).collect(),
        errors: errors(),
    }
}

fn operation(document: &Value, base: &str, method: &str, path: &str, described: &Value) -> Operation {
    let answers: Vec<Answer> = described["responses"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, response)| response["$ref"].is_null())
        .map(|(status, response)| answer(document, status, response))
        .collect();
    let media = answers.first().map(|answer| answer.media.clone()).unwrap_or_default();
    let content = &described["requestBody"]["content"];
    let sent = content.as_object().and_then(|all| all.iter().next());
    let signed_in = described["security"].as_array().is_none_or(|schemes| !schemes.is_empty());
    let example = sent.and_then(|(media, body)| {
        Some((media.as_str(), example::of(document, parts(document, &body["schema"]).0, Side::Taken)?))
    });
    let parameters = fields::of_parameters(document, described);
    let filled = filled(document, path, described);
    let call = curl::Call {
        method,
        base,
        path: &filled,
        signed_in,
        body: example.as_ref().map(|(media, body)| (*media, body)),
        answer: &media,
    };
    let curl = Code(call.line());
    let body = sent.map(|(_, sent)| {
        let schema = &sent["schema"];
        Body {
            shape: fields::shape(schema),
            media: content.as_object().into_iter().flatten().map(|(media, _)| media.clone()).collect(),
            required: described["requestBody"]["required"] == true,
            fields: fields::of_schema(document, parts(document, schema).0),
        }
    });
    let responses = described["responses"].as_object().into_iter().flatten();
    let errors = responses.filter(|(_, response)| !response["$ref"].is_null());
    let mut operation = Operation {
        anchor: text(&described["operationId"]),
        method: Pill { tone: tone(method), word: method.to_uppercase() },
        path: path.to_owned(),
        summary: text(&described["summary"]),
        description: spans(described["description"].as_str().unwrap_or_default()),
        marks: marks(&media, signed_in),
        parameters,
        body,
        answers,
        errors: errors.map(|(status, _)| status.clone()).collect(),
        curl,
        find: String::new(),
    };
    operation.find = find(document, &operation, described);
    operation
}

fn tone(method: &str) -> Tone {
    match method {
        "get" => Tone::Ok,
        "delete" => Tone::Bad,
        _ => Tone::Warn,
    }
}

fn marks(media: &str, signed_in: bool) -> Vec<&'static str> {
    let kind = match media {
        "text/event-stream" => Some("Stream of server-sent events"),
        "text/csv" => Some("CSV"),
        "text/html" => Some("Page"),
        _ if media.starts_with("image/") => Some("Picture"),
        _ => None,
    };
    kind.into_iter().chain((!signed_in).then_some("Without sign-in")).collect()
}

/// The path with examples in place of its parameters.
fn filled(document: &Value, path: &str, described: &Value) -> String {
    let mut filled = path.to_owned();
    for parameter in described["parameters"].as_array().into_iter().flatten() {
        if let Some(name) = parameter["name"].as_str().filter(|_| parameter["in"] == "path") {
            // What a field of this name usually is may be nothing that a path can hold.
            let own = parameter["example"].as_str().map(str::to_owned);
            let example = own.unwrap_or_else(|| example::of_parameter(document, &parameter["schema"], name));
            filled = filled.replace(&format!("{{{name}}}"), &example);
        }
    }
    filled
}

fn answer(document: &Value, status: &str, response: &Value) -> Answer {
    let (media, body) = response["content"].as_object().and_then(|all| all.iter().next()).unzip();
    let schema = body.map(|body| &body["schema"]).unwrap_or_default();
    let json = media.is_some_and(|media| media == "application/json");
    let example = if json { example::of(document, schema, Side::Answered) } else { None };
    let headers = response["headers"].as_object().into_iter().flatten();
    Answer {
        status: status.to_owned(),
        words: text(&response["description"]),
        media: media.cloned().unwrap_or_default(),
        shape: json.then(|| fields::shape(schema)),
        headers: headers
            .map(|(name, header)| (name.clone(), spans(header["description"].as_str().unwrap_or_default())))
            .collect(),
        example: example.map(|example| Code(example::printed(&example, 0))),
    }
}

fn schema(document: &Value, name: &str, schema: &Value) -> Schema {
    let mut fields = fields::of_schema(document, schema);
    let whole = !fields.is_empty() && fields.iter().all(|field| field.required);
    if whole {
        fields.iter_mut().for_each(|field| field.required = false);
    }
    let words: Vec<String> = schema["enum"].as_array().into_iter().flatten().map(text).collect();
    let mut found = vec![name, schema["description"].as_str().unwrap_or_default()];
    found.extend(fields.iter().map(|field| field.name.as_str()));
    Schema {
        find: found.join(" ").to_lowercase(),
        name: name.to_owned(),
        meaning: spans(schema["description"].as_str().unwrap_or_default()),
        shape: (fields.is_empty() && words.is_empty()).then(|| fields::shape(schema)),
        fields,
        whole,
        words,
    }
}

/// Path, summary and the names of all fields that go in or come back, nested ones of the first level among them.
fn find(document: &Value, operation: &Operation, described: &Value) -> String {
    let mut found = vec![operation.method.word.as_str(), &operation.path, &operation.summary];
    found.extend(&operation.marks);
    found.extend(operation.parameters.iter().map(|field| field.name.as_str()));
    let sent = described["requestBody"]["content"].as_object().into_iter().flatten();
    let answered = described["responses"].as_object().into_iter().flatten();
    let answered = answered.filter_map(|(_, answer)| answer["content"].as_object()).flatten();
    for (_, content) in sent.chain(answered) {
        let (schema, _) = parts(document, &content["schema"]);
        let schema =
            resolved(document, if named(&schema["items"]).is_some() { &schema["items"] } else { schema });
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            found.push(name);
            let within = parts(document, field).0["properties"].as_object().into_iter().flatten();
            found.extend(within.map(|(name, _)| name.as_str()));
        }
    }
    let mut words: Vec<String> =
        found.iter().flat_map(|text| text.split(' ')).map(str::to_lowercase).collect();
    words.sort_unstable();
    words.dedup();
    // The summary is looked for as it is written, too.
    format!("{} {}", operation.summary.to_lowercase(), words.join(" "))
}

/// Every problem by its status, with what to do about it.
fn errors() -> Vec<Status> {
    let mut all: Vec<Status> = Vec::new();
    for kind in Kind::VARIANTS {
        let status = kind.status().as_u16();
        let row = (kind.uri(), kind.title(), spans(kind.remedy()));
        match all.iter_mut().find(|group| group.status == status) {
            Some(group) => group.kinds.push(row),
            None => all.push(Status { status, kinds: vec![row] }),
        }
    }
    all.sort_by_key(|group| group.status);
    all
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
