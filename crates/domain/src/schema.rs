//! What an API's document says of types whose form in JSON is not that of their fields. Each has a twin here of the form that
//! it has in JSON, from which the document's words are derived; nothing else is made of them.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{Hours, Id, hours::Whole};

/// A UUID in lower case; those made later sort later (version 7).
#[derive(ToSchema)]
#[schema(
    value_type = String, format = Uuid,
    pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
)]
struct IdText(#[expect(dead_code, reason = "only described")] String);

/// Minutes since midnight.
#[derive(ToSchema)]
#[schema(maximum = 1440)]
struct Minute(#[expect(dead_code, reason = "only described")] u16);

/// From when to when.
#[derive(ToSchema)]
#[schema(min_items = 2, max_items = 2)]
struct Span(#[expect(dead_code, reason = "only described")] Vec<Minute>);

/// When it is open on a day, spans `[from, to]` of minutes since midnight, in order and apart; empty: not at all.
#[derive(ToSchema)]
#[schema(max_items = 8)]
pub(crate) struct Spans(#[expect(dead_code, reason = "only described")] Vec<Span>);

/// Spans of each day, from Monday.
#[derive(ToSchema)]
#[schema(min_items = 7, max_items = 7)]
pub(crate) struct Week(#[expect(dead_code, reason = "only described")] Vec<Spans>);

/// When a business is open: seven lists of spans, or an object that knows breaks, holidays and days of their own.
#[derive(ToSchema)]
#[schema(as = Hours)]
#[serde(untagged)]
#[expect(dead_code, clippy::large_enum_variant, reason = "only described, never made")]
enum EitherForm {
    Plain(Week),
    Whole(Whole),
}

/// A type is described as its twin is, under a name of its own.
macro_rules! described {
    ($name:literal, $twin:ty, $this:ty $(, $kind:ident)?) => {
        impl$(<$kind>)? PartialSchema for $this {
            fn schema() -> RefOr<Schema> {
                <$twin>::schema()
            }
        }

        impl$(<$kind>)? ToSchema for $this {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                <$twin>::schemas(schemas);
            }
        }
    };
}

described!("Id", IdText, Id<K>, K);
described!("Hours", EitherForm, Hours);
