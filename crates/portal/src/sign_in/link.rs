//! `GET /auth/link`: where links lead. The secret stands behind the `#`, which no server and no log sees; a script takes it
//! out of the address and sends it, and without one it is pasted.

use axum::response::Response;
use web::{
    Problem,
    ui::{Field, Head, Input},
};

use super::{Step, banner};
use crate::Visitor;

pub(super) async fn handle(visitor: Visitor) -> Response {
    page(&visitor, None)
}

pub(super) fn page(visitor: &Visitor, problem: Option<&Problem>) -> Response {
    use words::portal_sign_in as say;

    let field = Field::new("token", say::link_field(), Input::TEXT).hint(say::link_hint()).wrong(problem);
    let fields = vec![field];
    let step = Step {
        title: say::link_title(),
        say: say::have_link_say(),
        action: "/auth/link",
        banner: banner(problem, &fields),
        fields,
        username: None,
        hidden: Vec::new(),
        button: say::link_go(),
        other: Some((super::SIGN_IN, say::back())),
        token: true,
    };
    let mut page = visitor.page(&Head::narrow(say::link_title()), &step);
    if let Some(problem) = problem {
        *page.status_mut() = problem.kind().status();
    }
    page
}

/// The secret, of what was pasted: the whole link, or what stands behind its `#`.
pub(super) fn secret(pasted: &str) -> &str {
    let pasted = pasted.trim();
    pasted.rsplit_once('#').map_or(pasted, |(_, secret)| secret)
}
