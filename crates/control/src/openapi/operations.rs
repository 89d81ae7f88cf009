//! What each route does, takes and answers.

use domain::{
    SetupStatus, TenantStatus,
    limits::{PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS},
};
use serde_json::{Value, json};
use store::{Show, Sort};

use super::schemas::words;

/// The tag of a route that nobody has described.
pub(super) const UNKNOWN: &str = "other";

/// What is answered.
pub(super) enum Body {
    /// Nothing.
    Empty,
    /// One document of this schema.
    One(&'static str),
    /// An array of these.
    List(&'static str),
    /// A document that nobody has described.
    Any,
    /// Something that is no JSON.
    Media(&'static str),
}

/// What a route does.
pub(super) struct Operation {
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    pub(super) query: Vec<(&'static str, Value, &'static str)>,
    pub(super) takes: Option<&'static str>,
    /// Whether it is taken as a form of a page, and not as JSON.
    pub(super) by_form: bool,
    pub(super) answers: Vec<(u16, Body)>,
    /// Whether the answer shows a secret this once, so that it is not kept for a repeated request.
    pub(super) shows_secrets: bool,
}

fn of(tag: &'static str, summary: &'static str, status: u16, body: Body) -> Operation {
    Operation {
        tag,
        summary,
        query: Vec::new(),
        takes: None,
        by_form: false,
        answers: vec![(status, body)],
        shows_secrets: false,
    }
}

fn takes(schema: &'static str, operation: Operation) -> Operation {
    Operation { takes: Some(schema), ..operation }
}

fn takes_form(schema: &'static str, operation: Operation) -> Operation {
    Operation { takes: Some(schema), by_form: true, ..operation }
}

fn paged(mut more: Vec<(&'static str, Value, &'static str)>, operation: Operation) -> Operation {
    let limit =
        json!({ "type": "integer", "minimum": 1, "maximum": PAGE_MAX_ROWS, "default": PAGE_DEFAULT_ROWS });
    let mut query = vec![
        ("limit", limit, "Rows of the page."),
        (
            "before",
            json!({ "type": "string", "pattern": "^[0-7][0-9a-f]{0,14}\\.[0-9a-f]{32}$" }),
            "From the `Link` header of the page before.",
        ),
    ];
    query.append(&mut more);
    Operation { query, ..operation }
}

fn events() -> Vec<(&'static str, Value, &'static str)> {
    let text = || json!({ "type": "string" });
    vec![
        ("tenant", json!({ "$ref": "#/components/schemas/Id" }), "Only those of this tenant."),
        ("type", text(), "Only those of this type."),
        ("actor", text(), "Only those by this actor: a user's id, `admin`, `system` or `worker`."),
        (
            "since",
            json!({ "type": "string", "format": "date-time" }),
            "Only those from this moment, or day, on.",
        ),
        (
            "until",
            json!({ "type": "string", "format": "date-time" }),
            "Only those before this moment, or day.",
        ),
    ]
}

fn conversations() -> Vec<(&'static str, Value, &'static str)> {
    let text = || json!({ "type": "string" });
    let day = || json!({ "type": "string", "format": "date" });
    vec![
        ("contact", text(), "Only messages with this contact."),
        ("search", text(), "Only messages that hold this."),
        ("from", day(), "Only those from this day on, in the tenant's time zone."),
        ("until", day(), "Only those until the end of this day."),
    ]
}

/// What is known of a route.
pub(super) fn describe(method: &str, path: &str) -> Operation {
    use Body::{Any, Empty, List, Media, One};

    let secret = |operation: Operation| Operation { shows_secrets: true, ..operation };
    match (method, path) {
        ("GET", "/") => of("system", "To the tenants.", 303, Empty),
        ("GET", "/assets/{file}") => {
            of("pages", "A stylesheet, script or picture of the pages.", 200, Media("*/*"))
        }
        ("GET", "/brand/logo") => Operation {
            answers: vec![(200, Media("image/*")), (404, One("Problem"))],
            ..of("pages", "The agency's picture.", 200, Empty)
        },
        ("GET", "/livez") => of("system", "That the process answers.", 200, Any),
        ("GET", "/readyz") => of("system", "That the database answers too.", 200, Any),
        ("GET", "/metrics") => of("system", "Figures for Prometheus.", 200, Media("text/plain")),
        ("GET", "/admin/openapi.json") => of("system", "This document.", 200, Any),
        ("GET", "/admin/docs") => of("system", "This document as a page.", 200, Media("text/html")),
        ("GET", "/admin/system") => of("system", "How the control plane is doing.", 200, One("System")),
        ("GET", "/admin/usage.csv") => Operation {
            query: vec![(
                "month",
                json!({ "type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$" }),
                "The present one where it is left out.",
            )],
            ..of("system", "Messages of each tenant in a month, for invoices.", 200, Media("text/csv"))
        },
        ("GET", "/source") => {
            of("pages", "The licence, the version, and where its source code is.", 200, Media("text/html"))
        }
        ("GET", "/admin/stream") => Operation {
            query: vec![(
                "after",
                json!({ "type": "string" }),
                "Id of the event after which to begin; `Last-Event-ID` wins.",
            )],
            ..of(
                "system",
                "What changes, as server-sent events; `Last-Event-ID` goes on where it broke off.",
                200,
                Media("text/event-stream"),
            )
        },
        ("GET", "/admin/tenants") => paged(
            vec![
                ("status", words::<TenantStatus>(), "Only those in this status."),
                (
                    "search",
                    json!({ "type": "string" }),
                    "Only those whose name, number or owner's email holds this.",
                ),
                ("show", words::<Show>(), "Only those in this state, as the dashboard's tiles count them."),
                ("sort", words::<Sort>(), "The order; the newest first where it is left out."),
                ("ids", json!({ "type": "string" }), "Only these, with commas between them."),
            ],
            of("tenants", "Tenants, newest first.", 200, List("Tenant")),
        ),
        ("POST", "/admin/tenants") => {
            takes("CreateTenant", of("tenants", "Create a tenant.", 201, One("Tenant")))
        }
        ("GET", "/admin/tenants/new") => of("pages", "The form for a new tenant.", 200, Media("text/html")),
        ("POST", "/admin/tenants/actions") => takes(
            "ManyTenants",
            of(
                "tenants",
                "Start, stop or restart many tenants; `Location` says where their progress is.",
                202,
                One("Progress"),
            ),
        ),
        ("GET", "/admin/tenants/actions/{id}") => of(
            "tenants",
            "How far an action on many tenants is. Kept for the latest 64, until the control plane ends.",
            200,
            One("Progress"),
        ),
        ("POST", "/admin/tenants/{id}") => takes_form(
            "ConfigForm",
            of("pages", "The page's form for what PATCH changes; it leads back to the page.", 303, Empty),
        ),
        ("POST", "/admin/tenants/{id}/delete") => takes_form(
            "DeleteForm",
            of("pages", "The page's form for what DELETE does; it leads to the tenants.", 303, Empty),
        ),
        ("POST", "/admin/tenants/{id}/unlink") => of(
            "linking",
            "Take the bot off the phone's list of linked devices, and stop its worker.",
            200,
            One("Tenant"),
        ),
        ("POST", "/admin/tenants/{id}/messages") => takes(
            "SendMessage",
            of(
                "tenants",
                "Send a text by hand to a contact who has written before.",
                201,
                One("SentMessage"),
            ),
        ),
        ("GET", "/admin/tenants/{id}/logs.csv") => Operation {
            query: conversations(),
            ..of(
                "tenants",
                "The conversation log, or what a search finds of it, as CSV. The export is written down.",
                200,
                Media("text/csv"),
            )
        },
        ("GET", "/admin/tenants/{id}") => of(
            "tenants",
            "A tenant with the last 50 lines of its log. Reading it is written down.",
            200,
            One("TenantWithLogs"),
        ),
        ("PATCH", "/admin/tenants/{id}") => {
            takes("UpdateTenant", of("tenants", "Change what is named, leave the rest.", 200, One("Tenant")))
        }
        ("DELETE", "/admin/tenants/{id}") => {
            of("tenants", "End the worker, remove its directory and logs, then the tenant.", 204, Empty)
        }
        ("POST", "/admin/tenants/{id}/confirm-number") => takes(
            "ConfirmNumber",
            of("tenants", "Accept a linked number that is not the declared one.", 200, One("Tenant")),
        ),
        ("POST", "/admin/tenants/{id}/suspend") => takes(
            "Suspend",
            of(
                "tenants",
                "Suspend a tenant: its bot tells each customer once that the business is away.",
                200,
                One("Tenant"),
            ),
        ),
        ("POST", "/admin/tenants/{id}/lift-suspension") => {
            of("tenants", "Lift a suspension.", 200, One("Tenant"))
        }
        ("GET", "/admin/tenants/{id}/logs") => paged(
            Vec::new(),
            of(
                "tenants",
                "The conversation log, newest first. Reading it is written down.",
                200,
                List("Log"),
            ),
        ),
        ("GET", "/admin/tenants/{id}/logs/stream") => Operation {
            query: vec![(
                "last",
                json!({ "type": "integer", "minimum": 0, "maximum": PAGE_MAX_ROWS }),
                "Lines to begin with.",
            )],
            ..of("tenants", "New lines of the log, as server-sent events.", 200, Media("text/event-stream"))
        },
        ("POST", "/admin/tenants/{id}/worker/start") => {
            of("workers", "Want a worker and wait until it is ready.", 200, One("Tenant"))
        }
        ("POST", "/admin/tenants/{id}/worker/stop") => {
            of("workers", "Want no worker and wait until it has ended.", 200, One("Tenant"))
        }
        ("POST", "/admin/tenants/{id}/worker/restart") => {
            of("workers", "End the worker in good order and start the next.", 200, One("Tenant"))
        }
        ("POST", "/admin/tenants/{id}/worker/force-restart") => {
            of("workers", "End what is there, clear the error, start anew.", 200, One("Tenant"))
        }
        ("GET", "/admin/tenants/{id}/qr") => {
            of("linking", "The code to scan, while there is one.", 200, One("Qr"))
        }
        ("GET", "/admin/tenants/{id}/contacts/{contact}") => of(
            "data rights",
            "All that is held of one customer, in the log and in the worker's journal.",
            200,
            Media("application/json"),
        ),
        ("DELETE", "/admin/tenants/{id}/contacts/{contact}") => of(
            "data rights",
            "Forgets one customer, in the worker's journal and in the log. The worker must run.",
            200,
            Media("application/json"),
        ),
        ("GET", "/admin/tenants/{id}/qr.png") => {
            of("linking", "The code as a PNG picture.", 200, Media("image/png"))
        }
        ("GET", "/admin/tenants/{id}/qr.svg") => {
            of("linking", "The code as an SVG picture.", 200, Media("image/svg+xml"))
        }
        ("GET", "/admin/tenants/{id}/pairing-code") => {
            of("linking", "The code to type on the phone, while there is one.", 200, One("PairingCode"))
        }
        ("POST", "/admin/tenants/{id}/pairing-code") => of(
            "linking",
            "Ask for a code to type on the phone with the declared number, in place of QR codes.",
            200,
            One("PairingCode"),
        ),
        ("GET", "/admin/tenants/{id}/qr/stream") => {
            of("linking", "The code at each change, as server-sent events.", 200, Media("text/event-stream"))
        }
        ("GET", "/admin/setup-requests") => paged(
            vec![("status", words::<SetupStatus>(), "Only those in this status.")],
            of("setup requests", "Setup requests, newest first.", 200, List("SetupRequest")),
        ),
        ("POST", "/admin/setup-requests") => takes(
            "CreateSetupRequest",
            of("setup requests", "File a request in an owner's name.", 201, One("SetupRequest")),
        ),
        ("GET", "/admin/setup-requests/{id}") => {
            of("setup requests", "One request.", 200, One("SetupRequest"))
        }
        ("POST", "/admin/setup-requests/{id}/review") => {
            of("setup requests", "Take it into review.", 200, One("SetupRequest"))
        }
        ("POST", "/admin/setup-requests/{id}/approve") => {
            of("setup requests", "Approve it and start the worker.", 200, One("Approved"))
        }
        ("POST", "/admin/setup-requests/{id}/reject") => takes(
            "Reject",
            of("setup requests", "Reject it with a note that the owner reads.", 200, One("SetupRequest")),
        ),
        ("GET", "/admin/events") => {
            paged(events(), of("audit", "The audit log, newest first.", 200, List("Event")))
        }
        ("GET", "/admin/events.csv") => {
            paged(events(), of("audit", "The audit log as CSV.", 200, Media("text/csv")))
        }
        ("GET", "/admin/sign-in") => Operation {
            query: vec![("next", json!({ "type": "string" }), "Where to go then.")],
            ..of("sign-in", "The page where one signs in.", 200, Media("text/html"))
        },
        ("POST", "/admin/sign-in") => Operation {
            answers: vec![(200, One("SignedIn")), (202, Any)],
            ..takes(
                "SignIn",
                of("sign-in", "Begin a session; 202 where a second factor is asked for.", 200, Empty),
            )
        },
        ("GET", "/admin/sign-in/code") => Operation {
            answers: vec![(200, Media("text/html")), (303, Empty)],
            ..of("sign-in", "The page for the second factor.", 200, Empty)
        },
        ("POST", "/admin/sign-in/code") => {
            takes("Code", of("sign-in", "The second factor.", 200, One("SignedIn")))
        }
        ("POST", "/admin/sign-out") => of("sign-in", "End the session.", 204, Empty),
        ("GET", "/admin/account") => of("operators", "One's own account.", 200, One("OwnAccount")),
        ("POST", "/admin/account/password") => {
            secret(takes("ChangePassword", of("operators", "Change one's own password.", 204, Empty)))
        }
        ("GET", "/admin/account/second-factor") => Operation {
            answers: vec![(200, One("NewSecondFactor")), (409, One("Problem"))],
            ..of("operators", "A new secret for a second factor.", 200, Empty)
        },
        ("POST", "/admin/account/second-factor") => {
            secret(takes("Code", of("operators", "Confirm it by its first code.", 200, One("RecoveryCodes"))))
        }
        ("POST", "/admin/account/second-factor/remove") => {
            secret(of("operators", "Turn the second factor off.", 204, Empty))
        }
        ("GET", "/admin/operators") => of("operators", "Who may do all this.", 200, One("Operators")),
        ("POST", "/admin/operators") => {
            secret(takes("CreateOperator", of("operators", "Add an operator.", 201, One("NewPassword"))))
        }
        ("POST", "/admin/operators/{id}/reset") => secret(of(
            "operators",
            "Make a new password and drop the second factor.",
            200,
            One("NewPassword"),
        )),
        ("POST", "/admin/operators/{id}/remove") => {
            secret(of("operators", "Remove an operator.", 204, Empty))
        }
        // Documented by what all routes share, until somebody says more.
        _ => Operation {
            answers: vec![(200, Any), (201, Any), (202, Any), (204, Empty), (303, Empty)],
            ..of(UNKNOWN, "", 200, Empty)
        },
    }
}
