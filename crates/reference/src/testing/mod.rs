//! The reference of the admin API's document.

mod fits;

use serde_json::Value;

use strum::VariantArray;
use web::Kind;

use self::fits::fits;
use crate::{
    example,
    fields::{self, Shape},
    schema::{self, Side, parts},
    view::{Operation, of},
};

/// The admin API's, which a test of `control` keeps as it is.
fn document() -> Value {
    serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, one)| (path, method, one))
    })
}

#[test]
fn each_example_fits_its_own_schema_and_is_the_same_each_time() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for side in [Side::Taken, Side::Answered] {
            let example = example::of(&document, schema, side).unwrap();
            fits(&document, schema, &example, name);
            let printed: Value = serde_json::from_str(&example::printed(&example, 0)).unwrap();
            assert_eq!(printed, example, "{name}");
            assert_eq!(example::of(&document, schema, side), Some(example));
        }
    }
    let mut seen = 0;
    for (path, method, operation) in operations(&document) {
        for (_, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            let example =
                example::of(&document, parts(&document, &content["schema"]).0, Side::Taken).unwrap();
            fits(&document, &content["schema"], &example, &format!("{method} {path}"));
            assert_ne!(example, serde_json::json!({}), "{method} {path}: an example that says nothing");
            seen += 1;
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let schema = &response["content"]["application/json"]["schema"];
            if let Some(example) = example::of(&document, schema, Side::Answered) {
                fits(&document, schema, &example, &format!("{method} {path} {status}"));
                seen += 1;
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let schema = &parameter["schema"];
            if plain_string(&document, schema) {
                let example = example::of_parameter(&document, schema, name);
                fits(&document, schema, &example.into(), name);
            }
        }
    }
    assert!(seen > 60, "{seen} examples were looked at");
}

fn plain_string(document: &Value, schema: &Value) -> bool {
    schema::plain_type(parts(document, schema).0) == Some("string")
}

#[test]
fn an_example_keeps_to_bounds_that_no_sensible_value_fits() {
    let schema = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let document = Value::Null;
    let of = |text: &str| example::of(&document, &schema(text), Side::Taken).unwrap();
    assert_eq!(of(r#"{"type":"string","minLength":9}"#), "texttextt");
    assert_eq!(of(r#"{"type":"string","maxLength":2}"#), "te");
    assert_eq!(of(r#"{"type":"integer","minimum":70,"maximum":80}"#), 70);
    assert_eq!(of(r#"{"type":["integer","null"],"maximum":2}"#), 2);
    assert_eq!(of(r#"{"oneOf":[{"type":"null"},{"type":"string","enum":["A","B"]}]}"#), "A");
    assert_eq!(example::of(&document, &schema("{}"), Side::Taken), None);
    // One that names itself comes to an end.
    let document = schema(
        r##"{"components":{"schemas":{"A":{"type":"object","properties":{"a":{"$ref":"#/components/schemas/A"}}}}}}"##,
    );
    assert!(example::of(&document, &document["components"]["schemas"]["A"], Side::Answered).is_some());
}

#[test]
fn every_route_and_every_error_is_there_once_and_each_link_leads_somewhere() {
    let document = document();
    let reference = of(&document, "https://admin.example.org", &["tenants"]);
    let all: Vec<&Operation> = reference.tags.iter().flat_map(|tag| &tag.operations).collect();
    let routes: Vec<_> = operations(&document).collect();
    assert_eq!(all.len(), routes.len());
    let mut anchors: Vec<&str> = all.iter().map(|one| one.anchor.as_str()).collect();
    anchors.sort_unstable();
    anchors.dedup();
    assert_eq!(anchors.len(), routes.len());
    let statuses: Vec<String> = reference.errors.iter().map(|error| error.status.to_string()).collect();
    let kinds: usize = reference.errors.iter().map(|error| error.kinds.len()).sum();
    assert_eq!(kinds, Kind::VARIANTS.len());
    for operation in all {
        assert!(operation.errors.iter().all(|status| statuses.contains(status)), "{}", operation.path);
        let shapes = operation.answers.iter().filter_map(|answer| answer.shape.as_ref());
        let bodies = operation.body.iter().map(|body| &body.shape);
        for name in shapes.chain(bodies).filter_map(|shape| shape.schema.as_deref()) {
            assert!(reference.schemas.iter().any(|schema| schema.name == name), "{name}");
        }
    }
}

#[test]
fn texts_for_people_name_no_path_of_our_code() {
    let text = document().to_string();
    for word in ["crate::", "# Errors", "](", "`Self"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn bounds_and_types_are_said_in_words() {
    let document = document();
    let schema = |name: &str| &document["components"]["schemas"][name];
    let all = fields::of_schema(&document, schema("ManyTenants"));
    let said = |name: &str| {
        let field = all.iter().find(|field| field.name == name).unwrap();
        let Shape { before, schema, after } = &field.shape;
        (
            format!("{before}{}{after}", schema.as_deref().unwrap_or_default()),
            field.bounds.clone(),
            field.required,
        )
    };
    assert_eq!(said("ids"), ("array of Id".to_owned(), Some("1 to 500 items".to_owned()), true));
    assert_eq!(
        said("action"),
        ("BulkAction".to_owned(), Some("start, stop, restart, suspend, configure".to_owned()), true)
    );
    let fields = fields::of_schema(&document, schema("ConfigInput"));
    let rate = fields.iter().find(|field| field.name == "rate_limit_per_minute").unwrap();
    assert_eq!(
        (rate.shape.after, rate.bounds.as_deref(), rate.required),
        (" or null", Some("1 to 10000"), false)
    );
}
