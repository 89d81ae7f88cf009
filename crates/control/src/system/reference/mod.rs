//! The document made into what a page shows: operations by tag with an example and a line for a shell each, schemas with
//! their fields, and the errors, said once. Pure: a document and the site's address in, plain values out.

mod curl;
mod example;
mod fields;
mod schema;
#[cfg(test)]
mod tests;
mod words;

use serde_json::Value;
use strum::VariantArray;
use web::{
    Kind,
    ui::{Pill, Tone},
};

use self::{
    fields::{Field, Shape},
    schema::{Side, named, parts, resolved},
    words::Span,
};

/// Tags in the order in which somebody meets them; pages for people are there for completeness.
const ORDER: [&str; 11] = [
    "tenants",
    "workers",
    "linking",
    "messages",
    "setup requests",
    "data rights",
    "audit",
    "operators",
    "sign-in",
    "system",
    "pages",
];

/// All that the page shows.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) intro: Vec<Span>,
    pub(super) tags: Vec<Tag>,
    pub(super) schemas: Vec<Schema>,
    pub(super) errors: Vec<Status>,
}

/// Operations on one kind of thing.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) operations: Vec<Operation>,
}

/// One method of one path.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) anchor: String,
    pub(super) method: Pill,
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) description: Vec<Span>,
    /// What is unlike a document that is asked for and answered: a stream, a table, a page.
    pub(super) marks: Vec<&'static str>,
    pub(super) parameters: Vec<Field>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    /// Statuses of the errors that it may answer.
    pub(super) errors: Vec<String>,
    pub(super) curl: String,
    /// What a search looks through, in lower case.
    pub(super) find: String,
}

/// What a request sends.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) shape: Shape,
    pub(super) media: Vec<String>,
    pub(super) required: bool,
    pub(super) fields: Vec<Field>,
}

/// What comes back where all went well.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: String,
    pub(super) words: String,
    pub(super) media: String,
    pub(super) shape: Option<Shape>,
    pub(super) headers: Vec<(String, Vec<Span>)>,
    pub(super) example: Option<String>,
}

/// One schema of the document.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) name: String,
    pub(super) meaning: Vec<Span>,
    pub(super) fields: Vec<Field>,
    /// Whether all of its fields are always there, said once.
    pub(super) whole: bool,
    /// The words that it takes, where it is one of some.
    pub(super) words: Vec<String>,
    /// Its shape where it is neither.
    pub(super) shape: Option<Shape>,
    pub(super) find: String,
}

/// The problems with one status.
#[derive(Debug)]
pub(super) struct Status {
    pub(super) status: u16,
    pub(super) kinds: Vec<(String, &'static str, Vec<Span>)>,
}

/// Makes it. `base` is the address that the lines for a shell ask at, without a slash at the end.
pub(super) fn of(document: &Value, base: &str) -> Reference {
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
    tags.sort_by_key(|tag| ORDER.iter().position(|name| *name == tag.name).unwrap_or(ORDER.len()));
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    Reference {
        intro: words::spans(document["info"]["description"].as_str().unwrap_or_default()),
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
    let curl = call.line();
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
        description: words::spans(described["description"].as_str().unwrap_or_default()),
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
            let example = example::of_parameter(document, &parameter["schema"], name);
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
            .map(|(name, header)| {
                (name.clone(), words::spans(header["description"].as_str().unwrap_or_default()))
            })
            .collect(),
        example: example.map(|example| example::printed(&example, 0)),
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
        meaning: words::spans(schema["description"].as_str().unwrap_or_default()),
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
        let row = (kind.uri(), kind.title(), words::spans(kind.remedy()));
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
