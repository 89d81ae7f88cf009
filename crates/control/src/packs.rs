//! The packs of this installation as people name, choose and miss them.

use domain::PackId;
use replies::Packs;
use web::{Problem, ui::Input};

/// The pack that a text names.
///
/// # Errors
/// [`Problem`] of the field, with the packs that there are.
pub(crate) fn read(packs: &Packs, field: &str, text: &str) -> Result<PackId, Problem> {
    let known = text.trim().parse::<PackId>().ok().filter(|id| packs.get(*id).is_some());
    known.ok_or_else(|| {
        let there_are: Vec<String> = packs.ids().iter().map(ToString::to_string).collect();
        let got: String = text.chars().take(64).collect();
        Problem::invalid_field(field, words::checks::pack(got, there_are.join(", ")))
    })
}

/// What a pack is called: as pages call those that ship, as its own texts call another, by its id where it is gone.
pub(crate) fn name(packs: &Packs, id: PackId) -> String {
    match id {
        PackId::BOOKING => words::forms::pack_booking().to_owned(),
        PackId::ECOMMERCE => words::forms::pack_shop().to_owned(),
        PackId::SUPPORT => words::forms::pack_care().to_owned(),
        other => packs.get(other).map_or_else(|| other.to_string(), |pack| pack.name(words::language())),
    }
}

/// All of them to choose from; with the one that stands, so that saving something else does not change it.
pub(crate) fn choices(packs: &Packs, stands: &str) -> Input {
    let mut ids = packs.ids();
    ids.extend(stands.parse::<PackId>().ok().filter(|id| !ids.contains(id)));
    let label = |id: PackId| match packs.get(id) {
        Some(_) => name(packs, id),
        None => words::forms::pack_gone(id),
    };
    Input::Choice(ids.into_iter().map(|id| (id.to_string(), label(id))).collect())
}

/// What to say of a tenant's pack that this installation does not have.
pub(crate) fn missing(packs: &Packs, id: PackId) -> Option<String> {
    packs.get(id).is_none().then(|| words::tenants::pack_gone(id))
}
