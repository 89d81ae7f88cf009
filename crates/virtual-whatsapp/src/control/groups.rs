//! Groups.

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::Json;
use super::problem::{Document, Problem};
use crate::handles::{GroupInfo, GroupOptions};

/// A group to make.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGroup {
    /// What it is called.
    subject: String,
    /// The members' numbers; the first one has made it.
    members: Vec<String>,
    /// Members are named by LID instead of by number.
    #[serde(default)]
    by_lid: bool,
    /// Members who may change it besides its maker.
    #[serde(default)]
    admins: Vec<String>,
    /// It is a community.
    #[serde(default)]
    community: bool,
    /// The community that it is the announcement group of.
    of_community: Option<String>,
}

/// All groups, by id
#[utoipa::path(get, path = "/v1/groups", tag = "groups", responses((status = 200, body = [GroupInfo])))]
pub(super) async fn list(State(app): State<App>) -> Json<Vec<GroupInfo>> {
    Json(app.server.groups())
}

/// Make a group of accounts that exist
#[utoipa::path(
    post, path = "/v1/groups", tag = "groups", request_body = NewGroup,
    responses((status = 201, body = GroupInfo), (status = 404, description = "A member is nobody.", body = Document))
)]
pub(super) async fn create(
    State(app): State<App>,
    Json(new): Json<NewGroup>,
) -> Result<(StatusCode, Json<GroupInfo>), Problem> {
    if new.members.len() < 2 {
        return Err(Problem::invalid("members: a group has two or more"));
    }
    let members: Vec<&str> = new.members.iter().map(String::as_str).collect();
    let options = GroupOptions {
        by_lid: new.by_lid,
        admins: new.admins,
        community: new.community,
        of_community: new.of_community,
    };
    Ok((StatusCode::CREATED, Json(app.server.group_with(&new.subject, &members, &options)?)))
}
