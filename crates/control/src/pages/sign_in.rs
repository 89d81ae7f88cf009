//! Signing in: password, then code.

use askama::Template;
use axum::response::Response;
use web::{
    Problem,
    ui::{Banner, Field, Head, Input, Tone},
};

use super::{error_of, outside};
use crate::App;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Form {
    title: &'static str,
    say: &'static str,
    action: &'static str,
    banner: Option<Banner>,
    fields: Vec<Field>,
    next: Option<String>,
    button: &'static str,
    back: bool,
}

fn answer(app: &App, problem: Option<&Problem>, form: &Form) -> Response {
    let head = Head { title: form.title.to_owned(), narrow: true, stream: None };
    let mut response = outside(app).page(&head, form);
    if let Some(problem) = problem {
        *response.status_mut() = problem.kind().status();
    }
    response
}

fn banner(problem: Option<&Problem>) -> Option<Banner> {
    problem.map(|problem| Banner {
        tone: Tone::Bad,
        icon: "alert",
        title: problem.detail().to_owned(),
        text: String::new(),
        link: None,
    })
}

/// The form for name and password. What was typed as name stays.
pub(crate) fn password(app: &App, user: &str, next: &str, problem: Option<&Problem>) -> Response {
    let form = Form {
        title: "Sign in",
        say: "",
        action: "/admin/sign-in",
        banner: banner(problem),
        fields: vec![
            Field {
                name: "user",
                label: "Email or \"admin\"",
                hint: "With the admin password, type admin. With an account of your own, its email address.",
                value: if user.is_empty() { "admin".to_owned() } else { user.to_owned() },
                error: None,
                input: Input::Line { kind: "text", autocomplete: "username", inputmode: "email" },
                required: true,
            },
            Field {
                name: "password",
                label: "Password",
                hint: "",
                value: String::new(),
                error: None,
                input: Input::Line { kind: "password", autocomplete: "current-password", inputmode: "" },
                required: true,
            },
        ],
        next: Some(next.to_owned()),
        button: "Sign in",
        back: false,
    };
    answer(app, problem, &form)
}

/// The form for the second factor.
pub(crate) fn code(app: &App, problem: Option<&Problem>) -> Response {
    let form = Form {
        title: "Second factor",
        say: "Open your authenticator app and type the six digits that it shows for this site.",
        action: "/admin/sign-in/code",
        banner: banner(problem),
        fields: vec![Field {
            name: "code",
            label: "Code",
            hint: "Lost the app? Type one of your recovery codes.",
            value: String::new(),
            error: None,
            input: Input::Line { kind: "text", autocomplete: "one-time-code", inputmode: "text" },
            required: true,
        }],
        next: None,
        button: "Go on",
        back: true,
    };
    answer(app, problem, &form)
}

/// The form to prove once more who one is.
pub(crate) fn confirm(app: &App, has_factor: bool, next: &str, problem: Option<&Problem>) -> Response {
    let error = |name| error_of(problem, name);
    let mut fields = vec![Field {
        name: "password",
        label: "Password",
        hint: "",
        value: String::new(),
        error: error("password"),
        input: Input::Line { kind: "password", autocomplete: "current-password", inputmode: "" },
        required: true,
    }];
    if has_factor {
        fields.push(Field {
            name: "code",
            label: "Code",
            hint: "Six digits of your authenticator app, or a recovery code.",
            value: String::new(),
            error: error("code"),
            input: Input::Line { kind: "text", autocomplete: "one-time-code", inputmode: "text" },
            required: true,
        });
    }
    let form = Form {
        title: "Confirm that it is you",
        say: "What you are about to do changes who can sign in, so your password is asked for once more. That is good \
              for five minutes.",
        action: "/admin/confirm",
        banner: banner(problem.filter(|problem| problem.field().is_none())),
        fields,
        next: Some(next.to_owned()),
        button: "Go on",
        back: false,
    };
    answer(app, problem, &form)
}
