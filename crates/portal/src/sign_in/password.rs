//! `GET /auth/password`: a password, for whoever came by a link.

use axum::response::Response;
use web::{
    Problem,
    ui::{Field, Head, Input},
};

use super::{INSIDE, Step, banner};
use crate::{Call, shell};

pub(super) async fn handle(call: Call) -> Response {
    page(&call, None)
}

pub(super) fn page(call: &Call, problem: Option<&Problem>) -> Response {
    use words::portal_sign_in as say;

    let field = Field::new("new", say::new_password(), Input::NEW_PASSWORD).hint(say::new_password_hint());
    let text = say::password_say(&call.facts.user.email);
    let fields = vec![field.wrong(problem)];
    let step = Step {
        title: say::password_title(),
        say: &text,
        action: "/auth/password",
        banner: banner(problem, &fields),
        fields,
        username: Some(&call.facts.user.email),
        hidden: Vec::new(),
        button: say::save_password(),
        other: Some((INSIDE, say::later())),
        token: false,
    };
    let head = Head::narrow(say::password_title());
    let mut page = shell::page(&call.portal, Some(&call.facts), None, &head, &web::ui::Html::of(&step));
    if let Some(problem) = problem {
        *page.status_mut() = problem.kind().status();
    }
    page
}
