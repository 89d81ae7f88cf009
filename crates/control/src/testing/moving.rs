//! Tenants that move, carried by nobody.

use domain::TenantId;
use http::{Method, StatusCode};
use serde_json::json;
use store::Actor;

use super::{TestApp, request};
use crate::{Carried, MoveError, Moves};

const MOVE_KEY: &str = "flowhq-move-key.v1.of-a-test";

/// Gives the same move key each time, and says of every tenant that it has gone; none comes.
#[derive(Debug)]
pub(super) struct Moving;

impl Moves for Moving {
    fn move_key(&self) -> Carried<'_, String> {
        Box::pin(async { Ok(MOVE_KEY.to_owned()) })
    }

    fn out(&self, _actor: Actor, tenant: TenantId, _key: String) -> Carried<'_, api::MovedOut> {
        Box::pin(async move { Ok(api::MovedOut { file: format!("{tenant}.out"), bytes: 1 }) })
    }

    fn take_in(&self, _actor: Actor, _file: String) -> Carried<'_, TenantId> {
        Box::pin(async { Err(MoveError::Said("there is no file".to_owned())) })
    }
}

#[tokio::test]
async fn a_move_key_is_never_kept_nor_what_proves_one() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let ask = |path: &str, body: Option<&str>| {
        let mut request = request(Method::POST, path, body.map(|key| json!({ "move_key": key }).to_string()));
        request.headers_mut().insert("idempotency-key", "the same".parse().unwrap());
        app.send(request)
    };
    for _ in 0..2 {
        let given = ask("/admin/tenants/move-keys", None).await;
        assert_eq!(given.json()["move_key"], MOVE_KEY);
        assert!(!given.headers.contains_key("idempotency-replayed"));
    }
    for key in [MOVE_KEY, "another one"] {
        let gone = ask(&format!("/admin/tenants/{id}/move-out"), Some(key)).await;
        assert_eq!(gone.status, StatusCode::OK, "it is compared with nothing: {}", gone.text);
        assert!(!gone.headers.contains_key("idempotency-replayed"));
    }
    for file in std::fs::read_dir(app.directory.path()).unwrap() {
        let file = file.unwrap().path();
        let bytes = std::fs::read(&file).unwrap_or_default();
        let key = MOVE_KEY.as_bytes();
        assert!(!bytes.windows(key.len()).any(|part| part == key), "{} has it", file.display());
    }
}

#[tokio::test]
async fn a_page_makes_a_move_key_and_takes_one_for_the_tenant_that_is_named_alone() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let page = app.page("/admin/tenants/move").await;
    assert!(page.text.contains("Make a move key") && !page.text.contains(MOVE_KEY), "{}", page.text);
    let made = app.form("/admin/tenants/move-keys", &[]).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(made.text.contains(MOVE_KEY) && made.text.contains("flowhq tenant move-in"), "{}", made.text);

    let path = format!("/admin/tenants/{id}/move-out");
    let of = app.page(&format!("/admin/tenants/{id}/move")).await;
    assert!(of.text.contains(&path) && of.text.contains("flowhq tenant move-key"), "{}", of.text);
    for (key, name, wrong) in
        [("", "Amina", "e-move_key"), (MOVE_KEY, "Juma", "e-typed_name"), (MOVE_KEY, "", "e-typed_name")]
    {
        let refused = app.form(&path, &[("move_key", key), ("typed_name", name)]).await;
        assert!(refused.status.is_client_error(), "{key:?} {name:?}: {}", refused.status);
        assert!(
            refused.text.contains(wrong) && refused.text.contains(key),
            "{key:?} {name:?}: {}",
            refused.text
        );
        assert!(!refused.text.contains(".out"), "nothing was made: {}", refused.text);
    }
    let gone = app.form(&path, &[("move_key", MOVE_KEY), ("typed_name", "Amina")]).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    let file = format!("{id}.out");
    assert!(gone.text.contains(&format!("flowhq tenant move-in {file}")), "{}", gone.text);
    // Nobody reads it back out of the page.
    assert!(!gone.text.contains(MOVE_KEY), "{}", gone.text);
}
