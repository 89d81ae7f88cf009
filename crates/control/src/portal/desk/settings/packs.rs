//! `GET /portal/tenant/current/packs`: the reply packs to choose from.

use api::portal::DeskPack;
use axum::{Json, response::IntoResponse};
use domain::{Language, PackId, Text};

use crate::{error::Answer, packs, portal::call::MemberCall};

/// Reply packs to choose from
///
/// What each is called and does, in both languages.
#[utoipa::path(
    get, path = "/portal/tenant/current/packs", tag = "portal", responses((status = 200, body = [DeskPack]))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let all = call.app.supervisor.packs();
    let both = |make: &dyn Fn() -> String| Text {
        sw: Some(words::within(Language::Sw, make)),
        en: Some(words::within(Language::En, make)),
    };
    let pack = |id: PackId| {
        let name = || packs::name(&all, id);
        DeskPack { id, name: both(&name), does: both(&|| does(id, &name())) }
    };
    let listed: Vec<DeskPack> = all.ids().into_iter().map(pack).collect();
    Ok(Json(listed).into_response())
}

fn does(id: PackId, name: &str) -> String {
    use words::desk as say;
    match id {
        PackId::BOOKING => say::booking_does().to_owned(),
        PackId::ECOMMERCE => say::shop_does().to_owned(),
        PackId::SUPPORT => say::care_does().to_owned(),
        _ => say::own_does(name),
    }
}
