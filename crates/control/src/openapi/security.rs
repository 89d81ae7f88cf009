//! How clients prove who they are.

use serde_json::{Value, json};

pub(super) fn schemes() -> Value {
    json!({
        "basic": {
            "type": "http", "scheme": "basic",
            "description": "The user `admin` with the admin password, or an operator's address with that account's password.",
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": "flowhq_admin",
            "description": "A session of POST /admin/sign-in; its name begins with `__Host-` behind HTTPS.",
        },
    })
}
