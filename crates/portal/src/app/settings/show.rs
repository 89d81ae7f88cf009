//! `GET /app/settings`: one page, a part below the other, each with a form of its own.

use api::portal::{Channels, Invited, MemberListed, Notifications};
use askama::Template;
use axum::response::Response;
use domain::{Language, MembershipStatus, Role};
use serde::Deserialize;
use web::{
    Asked, Problem,
    ui::{Banner, Field, Head, Icon, Input},
};

use crate::{
    Answer, Section, SetUp,
    app::{
        TENANT,
        page::{done, wrong},
    },
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    done: Option<String>,
}

/// One thing that is told, and by which ways.
struct Told {
    word: &'static str,
    name: &'static str,
    by: Channels,
}

struct Notices {
    told: Vec<Told>,
    daily_at: String,
    email: bool,
    push_key: String,
    browsers: Option<String>,
}

struct Member {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    come: bool,
    /// Whether it is whoever reads.
    me: bool,
    /// Whether the owner may take it out.
    removable: bool,
}

#[derive(Template)]
#[template(path = "app/settings.html")]
struct View {
    banner: Option<Banner>,
    writes: bool,
    owner: bool,
    person: Vec<Field>,
    email: String,
    email_fields: Vec<Field>,
    password_title: &'static str,
    password_fields: Vec<Field>,
    notices: Option<Notices>,
    members: Vec<Member>,
    invite: Vec<Field>,
    /// Who was invited, and the link to pass on.
    invited: Option<(String, String)>,
    delete: Vec<Field>,
}

/// Whether a field of a form is at fault, so that the form is open.
fn wrong_in(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.error.is_some())
}

impl View {
    fn password_wrong(&self) -> bool {
        wrong_in(&self.password_fields)
    }

    fn email_wrong(&self) -> bool {
        wrong_in(&self.email_fields)
    }

    fn delete_wrong(&self) -> bool {
        wrong_in(&self.delete)
    }
}

/// Which form was refused, what was typed into it, and why.
pub(super) struct Refused<'a> {
    pub(super) typed: Vec<(&'static str, String)>,
    pub(super) problem: &'a Problem,
}

pub(crate) async fn handle(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    use words::portal_settings as say;
    let banner = done(
        look.done.as_deref(),
        &[
            ("saved", say::saved()),
            ("password", say::password_done()),
            ("email", say::email_asked()),
            ("removed", say::removed_member()),
            ("invited", say::invited_by_email()),
        ],
    );
    page(&call, banner, None, None).await
}

pub(super) async fn refused(
    call: &SetUp,
    typed: Vec<(&'static str, String)>,
    problem: &Problem,
) -> Answer<Response> {
    let mut page = page(call, None, Some(Refused { typed, problem }), None).await?;
    *page.status_mut() = problem.kind().status();
    Ok(page)
}

pub(super) async fn page(
    call: &SetUp,
    banner: Option<Banner>,
    refused: Option<Refused<'_>>,
    invited: Option<Invited>,
) -> Answer<Response> {
    use words::portal_settings as say;
    let owner = call.is_owner();
    let path = format!("{TENANT}/notifications");
    let notices = call.get::<Notifications>(&path);
    let members =
        async { if owner { call.get::<Vec<MemberListed>>("/portal/members").await } else { Ok(Vec::new()) } };
    let (notices, members) = tokio::try_join!(notices, members)?;
    let user = &call.facts.user;
    let problem = refused.as_ref().map(|refused| refused.problem);
    let typed = |name: &str, stands: &str| {
        let typed =
            refused.as_ref().and_then(|refused| refused.typed.iter().find(|(field, _)| *field == name));
        typed.map_or_else(|| stands.to_owned(), |(_, text)| text.clone())
    };
    let field = |field: Field, stands: &str| {
        let value = typed(field.name, stands);
        field.value(value).wrong(problem)
    };
    let line =
        |kind: &'static str, autocomplete: &'static str| Input::Line { kind, autocomplete, inputmode: "" };
    let languages = vec![
        ("SW".to_owned(), words::own_name(Language::Sw).to_owned()),
        ("EN".to_owned(), words::own_name(Language::En).to_owned()),
    ];
    let reads = if user.language == Language::Sw { "SW" } else { "EN" };
    let person = vec![
        field(Field::new("name", say::name(), line("text", "name")), &user.name),
        field(
            Field::new("phone", say::phone(), line("tel", "tel")).hint(say::phone_hint()).optional(),
            user.phone.as_deref().unwrap_or_default(),
        ),
        field(Field::new("language", say::language(), Input::Choice(languages)), reads),
    ];
    let mut password_fields = Vec::new();
    if user.password_set {
        password_fields.push(Field::new("current", say::password_now(), Input::PASSWORD).wrong(problem));
    }
    let new = Field::new("new", say::password_new(), Input::NEW_PASSWORD).hint(say::password_hint());
    password_fields.push(new.wrong(problem));
    let email = Field::new("email", say::email_new(), line("email", "email")).hint(say::email_hint());
    let beside =
        ["name", "phone", "language", "current", "new", "email", "member_name", "member_email", "confirm"];
    let last = |problem: &Problem| problem.field().is_some_and(|field| beside.contains(&field));
    let view = View {
        banner: problem.filter(|problem| !last(problem)).map(wrong).or(banner),
        writes: !call.is_looking(),
        owner,
        person,
        email: user.email.clone(),
        email_fields: vec![field(email, "")],
        password_title: if user.password_set { say::password_change() } else { say::password_set() },
        password_fields,
        notices: Some(told(notices)),
        members: members.into_iter().map(|member| listed(member, &user.id.to_string())).collect(),
        invite: vec![
            field(Field::new("member_name", say::invite_name(), Input::TEXT), ""),
            field(Field::new("member_email", say::invite_email(), Input::EMAIL), ""),
        ],
        invited: invited.and_then(|invited| Some((invited.member.name, invited.url?))),
        delete: vec![field(Field::new("confirm", say::delete_email(), Input::EMAIL), "")],
    };
    let head = Head::new(words::portal::settings());
    Ok(call.page(Section::Settings, &head, &view))
}

fn told(notices: Notifications) -> Notices {
    use words::portal_settings as say;
    let chosen = notices.chosen;
    Notices {
        told: vec![
            Told { word: "waiting", name: say::waiting(), by: chosen.hand_off_waiting },
            Told { word: "removed", name: say::removed(), by: chosen.phone_removed },
            Told { word: "summary", name: say::summary(), by: chosen.daily_summary },
        ],
        daily_at: chosen.daily_at,
        email: notices.email_works,
        push_key: notices.push_key,
        browsers: (notices.browsers > 0).then(|| say::browsers(notices.browsers)),
    }
}

fn listed(member: MemberListed, me: &str) -> Member {
    use words::portal_settings as say;
    let id = member.id.to_string();
    let me = id == me;
    Member {
        me,
        removable: !me && member.role == Role::Staff,
        role: if member.role == Role::Owner { say::owner() } else { say::member() },
        come: member.status == MembershipStatus::Active,
        name: member.name,
        email: member.email,
        id,
    }
}
