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
    Answer, Call, Section,
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
struct NoticeRow {
    word: &'static str,
    name: &'static str,
    by: Channels,
}

struct Notices {
    told: Vec<NoticeRow>,
    daily_at: Field,
    /// Whether email can be sent at all.
    email: bool,
    push_key: String,
    browsers: Option<String>,
}

/// The forms of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Person,
    Notices,
    Staff,
    Password,
    Email,
    Delete,
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
    /// Whether there is a business, with a bot that is asked for at least.
    set_up: bool,
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
    /// The form that was refused, with what is wrong where that is about none of its fields.
    refused: Option<(Form, Option<Banner>)>,
}

impl View {
    /// Whether it was this one, which is open then.
    fn is_refused(&self, form: Form) -> bool {
        self.refused.as_ref().is_some_and(|(refused, _)| *refused == form)
    }

    /// What stands above its fields.
    fn above(&self, form: Form) -> Option<&Banner> {
        self.refused.as_ref().filter(|(refused, _)| *refused == form)?.1.as_ref()
    }
}

/// Which form was refused, what was typed into it, and why.
struct Refused<'a> {
    form: Form,
    typed: Vec<(&'static str, String)>,
    problem: &'a Problem,
}

impl Refused<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.typed.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str())
    }
}

pub(crate) async fn handle(call: Call, Asked(look): Asked<Look>) -> Answer {
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
    show(&call, banner, None, None).await
}

/// The page with the link that whoever was invited is to be given.
pub(super) async fn with_link(call: &Call, invited: Invited) -> Answer<Response> {
    show(call, None, None, Some(invited)).await
}

/// The page with what is wrong beside the form that was sent, and what was typed into it.
pub(super) async fn refused(
    call: &Call,
    form: Form,
    typed: Vec<(&'static str, String)>,
    problem: &Problem,
) -> Answer<Response> {
    show(call, None, Some(Refused { form, typed, problem }), None).await
}

async fn show(
    call: &Call,
    banner: Option<Banner>,
    refused: Option<Refused<'_>>,
    invited: Option<Invited>,
) -> Answer<Response> {
    use words::portal_settings as say;
    let set_up = call.is_set_up();
    let owner = set_up && call.is_owner();
    let path = format!("{TENANT}/notifications");
    let notices = async { if set_up { call.get::<Notifications>(&path).await.map(Some) } else { Ok(None) } };
    let members =
        async { if owner { call.get::<Vec<MemberListed>>("/portal/members").await } else { Ok(Vec::new()) } };
    let (notices, members) = tokio::try_join!(notices, members)?;
    let user = &call.facts.user;
    let of = |form: Form| refused.as_ref().filter(|refused| refused.form == form);
    let field = |form: Form, field: Field, stands: &str| {
        let typed = of(form).and_then(|refused| refused.text(field.name)).unwrap_or(stands).to_owned();
        field.value(typed).wrong(of(form).map(|refused| refused.problem))
    };
    let line =
        |kind: &'static str, autocomplete: &'static str| Input::Line { kind, autocomplete, inputmode: "" };
    let languages = vec![
        ("SW".to_owned(), words::own_name(Language::Sw).to_owned()),
        ("EN".to_owned(), words::own_name(Language::En).to_owned()),
    ];
    let reads = if user.language == Language::Sw { "SW" } else { "EN" };
    let phone = Field::new("phone", say::phone(), line("tel", "tel")).hint(say::phone_hint()).optional();
    let person = vec![
        field(Form::Person, Field::new("name", say::name(), line("text", "name")), &user.name),
        field(Form::Person, phone, user.phone.as_deref().unwrap_or_default()),
        field(Form::Person, Field::new("language", say::language(), Input::Choice(languages)), reads),
    ];
    // Passwords are typed anew.
    let mut password_fields = Vec::new();
    if user.password_set {
        let current = Field::new("current", say::password_now(), Input::PASSWORD);
        password_fields.push(field(Form::Password, current, ""));
    }
    let new = Field::new("new", say::password_new(), Input::NEW_PASSWORD).hint(say::password_hint());
    password_fields.push(field(Form::Password, new, ""));
    let email = Field::new("email", say::email_new(), line("email", "email")).hint(say::email_hint());
    let mut view = View {
        banner,
        writes: !call.is_looking(),
        set_up,
        owner,
        person,
        email: user.email.clone(),
        email_fields: vec![field(Form::Email, email, "")],
        password_title: if user.password_set { say::password_change() } else { say::password_set() },
        password_fields,
        notices: notices.map(|notices| told(notices, of(Form::Notices), field)),
        members: members.into_iter().map(|member| listed(member, &user.id.to_string())).collect(),
        invite: vec![
            field(Form::Staff, Field::new("member_name", say::invite_name(), Input::TEXT), ""),
            field(Form::Staff, Field::new("member_email", say::invite_email(), Input::EMAIL), ""),
        ],
        invited: invited.and_then(|invited| Some((invited.member.name, invited.url?))),
        delete: vec![field(Form::Delete, Field::new("confirm", say::delete_email(), Input::EMAIL), "")],
        refused: None,
    };
    let daily = view.notices.iter().map(|notices| &notices.daily_at);
    let lists = [&view.person, &view.email_fields, &view.password_fields, &view.invite, &view.delete];
    let beside = lists.into_iter().flatten().chain(daily).any(|field| field.error.is_some());
    let problem = refused.as_ref().map(|refused| refused.problem);
    view.refused = refused.map(|refused| (refused.form, (!beside).then(|| wrong(refused.problem))));
    let head = Head::new(words::portal::settings());
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Settings, &head, &view, problem),
        None => call.page(Section::Settings, &head, &view),
    })
}

fn told(
    notices: Notifications,
    refused: Option<&Refused<'_>>,
    field: impl Fn(Form, Field, &str) -> Field,
) -> Notices {
    use words::portal_settings as say;
    let (chosen, email) = (notices.chosen, notices.email_works);
    let told = |word: &'static str, name, stands: Channels| {
        let ticked = |way: &str, stands: bool| {
            refused.map_or(stands, |refused| refused.text(&format!("{word}_{way}")).is_some())
        };
        // What cannot be sent is not promised.
        let by =
            Channels { email: email && ticked("email", stands.email), push: ticked("push", stands.push) };
        NoticeRow { word, name, by }
    };
    let at = Input::Line { kind: "time", autocomplete: "off", inputmode: "" };
    Notices {
        told: vec![
            told("waiting", say::waiting(), chosen.hand_off_waiting),
            told("removed", say::removed(), chosen.phone_removed),
            told("summary", say::summary(), chosen.daily_summary),
        ],
        daily_at: field(Form::Notices, Field::new("daily_at", say::summary_at(), at), &chosen.daily_at),
        email,
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
