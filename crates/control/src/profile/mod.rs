//! What a tenant tells its bot: the business profile, as one document, as tables, and part by part on a page.

mod download;
mod download_catalogue;
mod download_services;
mod put_in;
mod replace;
mod replace_catalogue;
mod replace_services;
mod save_part;
mod show;
mod view;

use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use http::{HeaderMap, header};
use profile_forms::place;
pub(crate) use profile_forms::within;
use replies::{Bounds, Fault, Pack, Packs, Profile, TableError};
use serde_json::json;
use store::StoreError;
use utoipa_axum::routes;
use web::{
    Kind, Problem,
    routes::{Route, operator},
};

use crate::{App, error::Answer, tenants::Desk};

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(show::handle)),
        operator(routes!(replace::handle)),
        operator(routes!(save_part::handle)),
        operator(routes!(put_in::handle)),
        operator(routes!(download::handle)),
        operator(routes!(download_services::handle)),
        operator(routes!(replace_services::handle)),
        operator(routes!(download_catalogue::handle)),
        operator(routes!(replace_catalogue::handle)),
    ]
}

/// The profile that a new tenant of a pack begins with, as the store keeps it: the one that its folder brings, where it does
/// not ship.
pub(crate) fn first(packs: &Packs, id: domain::PackId, now: Timestamp) -> Option<String> {
    first_of(packs, id, 1, now)
}

/// The same as the version that follows on another one that nobody has touched.
pub(crate) fn first_of(packs: &Packs, id: domain::PackId, version: i64, now: Timestamp) -> Option<String> {
    let pack = packs.get(id)?;
    let brought = pack.profile_json().and_then(|json| Profile::import(json.as_bytes(), 1).ok());
    let profile = brought.unwrap_or_else(|| Profile::for_pack(id.as_str()));
    serde_json::to_string(&numbered(profile, version, &Profile::default(), now)).ok()
}

/// The profile that stands; an empty one of version 0 where nothing was ever told.
pub(crate) async fn stands(desk: &Desk) -> Answer<Profile> {
    let stored = desk.scope.profile().await?;
    if stored.version == 0 {
        return Ok(Profile::default());
    }
    let mut profile: Profile = serde_json::from_str(&stored.document).map_err(|error| {
        StoreError::Corrupt { column: "business_profiles.document".to_owned(), reason: error.to_string() }
    })?;
    profile.version = stored.version;
    Ok(profile)
}

/// The pack that the tenant's bot answers by, where this installation has it.
pub(crate) fn pack(desk: &Desk) -> Option<std::sync::Arc<Pack>> {
    desk.app.supervisor.packs().get(desk.detail.config.template_type)
}

/// Checks a profile and saves it over the one that was read, `before`; the bot is told.
pub(crate) async fn save(desk: &Desk, before: &Profile, new: Profile) -> Answer<Profile> {
    let new = numbered(new, before.version + 1, before, desk.app.now());
    let faults = faults(desk, &new);
    if !faults.is_empty() {
        return Err(wrong(&faults).into());
    }
    let document = serde_json::to_string(&new).map_err(|error| Problem::internal(&error))?;
    if document.len() > Bounds::FILE_BYTES {
        let detail = words::profile::too_large(Bounds::FILE_BYTES / 1024);
        return Err(Problem::new(Kind::BodyTooLarge, detail).into());
    }
    let changed = json!({ "version": new.version, "changed": changed(before, &new) });
    match desk.scope.save_profile(before.version, &document, &changed).await {
        Ok(_) => {}
        Err(StoreError::Conflict { field: "version", .. }) => return Err(stale().into()),
        Err(error) => return Err(error.into()),
    }
    desk.tell_worker();
    Ok(new)
}

/// All that is wrong with a profile, texts of the pack that are said differently included.
fn faults(desk: &Desk, profile: &Profile) -> Vec<Fault> {
    let mut faults = profile.check();
    faults.extend(pack(desk).map(|pack| pack.check_texts(profile)).unwrap_or_default());
    faults
}

/// Gives a profile its version, and says of each stock whether it was counted anew: where the number, or the count that it
/// names, is another than before, and since when what is sold goes off it.
fn numbered(mut new: Profile, version: i64, before: &Profile, now: Timestamp) -> Profile {
    new.version = version;
    for product in &mut new.catalogue {
        let stood = before.catalogue.iter().find(|stood| stood.code == product.code);
        let same = stood
            .filter(|stood| (stood.stock, stood.stock_counted) == (product.stock, product.stock_counted));
        (product.stock_counted, product.stock_counted_at) =
            same.map_or((version, Some(now)), |stood| (stood.stock_counted, stood.stock_counted_at));
    }
    new
}

/// A table says no count: where a product's number is the one that stands, what was sold since stays sold.
fn as_counted(mut catalogue: Vec<replies::Product>, before: &Profile) -> Vec<replies::Product> {
    for product in &mut catalogue {
        let stood = before.catalogue.iter().find(|stood| stood.code == product.code);
        product.stock_counted = stood.map_or(0, |stood| stood.stock_counted);
    }
    catalogue
}

/// Which parts of it are others, for the audit log: names of fields and nothing of what they hold.
fn changed(before: &Profile, new: &Profile) -> Vec<String> {
    let document = |profile: &Profile| serde_json::to_value(profile).unwrap_or_default();
    let (before, new) = (document(before), document(new));
    let fields = new.as_object().into_iter().flatten();
    fields
        .filter(|(name, value)| *name != "version" && before.get(name.as_str()) != Some(value))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Faults that are told at once; the first is the field of the problem.
const TOLD: usize = 5;

/// What is wrong with a profile, in the words of whoever reads it.
pub(crate) fn wrong(faults: &[Fault]) -> Problem {
    let told: Vec<String> = faults.iter().take(TOLD).map(ToString::to_string).collect();
    let field = faults.first().map(|fault| place(&fault.path)).unwrap_or_default();
    let problem = Problem::new(Kind::InvalidField, told.join(" "));
    if field.is_empty() { problem } else { problem.with_field(field) }
}

/// What is wrong with a table.
fn table_problem(field: &'static str, error: &TableError) -> Problem {
    Problem::invalid_field(field, error.to_string())
}

pub(crate) fn stale() -> Problem {
    Problem::new(Kind::Stale, words::editing::stale()).with_field("version")
}

/// Refuses a change of another version than the one that stands, where one was named.
fn seen(headers: &HeaderMap, before: &Profile) -> Result<(), Problem> {
    let seen = headers.get(header::IF_MATCH).map(crate::tenants::version_of).transpose()?.flatten();
    if seen.is_some_and(|seen| seen != before.version) { Err(stale()) } else { Ok(()) }
}

/// The document with its version as an entity tag (RFC 9110).
fn tagged(profile: &Profile) -> Response {
    let tag = format!("\"{}\"", profile.version);
    ([(header::ETAG, tag)], axum::Json(profile)).into_response()
}

#[cfg(test)]
mod tests {
    use replies::{Amount, Product, Text};

    use super::*;

    fn product(stock: u32, counted: i64) -> Product {
        Product {
            code: "rice-5".to_owned(),
            name: Text::both("Mchele", "Rice"),
            words: Vec::new(),
            price: Amount::whole(15_000),
            unit: Text::default(),
            parts: false,
            stock: Some(Amount::whole(stock)),
            stock_counted: counted,
            stock_counted_at: None,
            category: Text::default(),
            on: true,
        }
    }

    fn with(product: Product) -> Profile {
        Profile { catalogue: vec![product], ..Profile::default() }
    }

    #[test]
    fn a_stock_is_counted_anew_where_its_number_or_its_count_is_another() {
        let before = Profile { version: 4, ..with(product(10, 2)) };
        let now = Timestamp::UNIX_EPOCH;
        let counted = |new| numbered(with(new), 5, &before, now).catalogue[0].stock_counted;
        let at = |new| numbered(with(new), 5, &before, now).catalogue[0].stock_counted_at;
        assert_eq!((at(product(10, 2)), at(product(11, 2))), (None, Some(now)));
        assert_eq!(counted(product(10, 2)), 2, "saved with something else: what was sold stays sold");
        assert_eq!(counted(product(11, 2)), 5);
        assert_eq!(counted(product(10, 0)), 5, "as many were there, and somebody has counted");
        let table = as_counted(vec![product(10, 0)], &before);
        assert_eq!(counted(table[0].clone()), 2, "a table tells no count");
    }
}
