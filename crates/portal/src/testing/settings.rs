//! One's own settings: what is wrong stands at the form that was sent, and oneself can be changed before there is a bot.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{TestPortal, app::desk, problem};

const NOTICES: &str = "/portal/tenant/current/notifications";

fn invalid(field: &str, detail: &str) -> Value {
    let mut refusal = problem("invalid-field", detail);
    refusal["field"] = json!(field);
    refusal
}

/// The part of a page that a form makes.
fn form<'a>(page: &'a str, action: &str) -> &'a str {
    let from = page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("{action}: {page}"));
    page[from..].split("</form>").next().unwrap()
}

#[tokio::test]
async fn what_is_wrong_stands_at_the_form_that_was_sent_and_what_was_typed_is_kept() {
    let portal = desk();
    portal.refuses(
        Method::PUT,
        "/portal/me",
        422,
        invalid("phone", "`phone` is a number like +255712345678."),
    );
    let page = portal.post("/app/settings/person", "name=Amina+J&phone=12&language=SW").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let person = form(&page.text, "/app/settings/person");
    assert!(person.contains("“Your own number” is a number like +255712345678."), "{person}");
    assert!(person.contains("value=\"Amina J\"") && person.contains("value=\"12\""), "{person}");
    assert_eq!(page.text.matches("class=\"error\"").count(), 1, "{}", page.text);
    assert!(!page.text.contains('`'), "no field is called as the API does");

    // The same name in another form is another field.
    portal.refuses(Method::POST, "/portal/members", 422, invalid("email", "`email` is an e-mail address."));
    let page = portal.post("/app/settings/staff", "member_name=Neema&member_email=neema").await;
    let staff = form(&page.text, "/app/settings/staff");
    assert!(staff.contains("“Email” is an e-mail address.") && staff.contains("value=\"neema\""), "{staff}");
    assert!(!form(&page.text, "/app/settings/email").contains("class=\"error\""));

    // What is about no field stands above that form, and above no other.
    portal.refuses(Method::POST, "/portal/me/email", 409, problem("conflict", "No email here."));
    let page = portal.post("/app/settings/email", "email=new%40example.com").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let email = form(&page.text, "/app/settings/email");
    assert!(email.contains("No email here.") && email.contains("value=\"new@example.com\""), "{email}");
    assert_eq!(page.text.matches("No email here.").count(), 1, "{}", page.text);
    assert!(page.text.contains("<details open><summary>Change the address"), "{}", page.text);
}

#[tokio::test]
async fn notices_keep_what_was_ticked_and_promise_no_email_where_none_is_sent() {
    let portal = desk();
    let page = portal.get("/app/settings").await.text;
    let notices = form(&page, "/app/settings/notices");
    assert_eq!(notices.matches("_email\" value=\"yes\" disabled").count(), 3, "{notices}");
    assert!(notices.contains("id=\"no-email\""), "{notices}");

    portal.refuses(Method::PUT, NOTICES, 422, invalid("dailyAt", "`dailyAt` is a time like 18:00."));
    let page = portal.post("/app/settings/notices", "waiting_push=yes&daily_at=25%3A00").await.text;
    let notices = form(&page, "/app/settings/notices");
    assert!(notices.contains("id=\"e-daily_at\">“Summary goes out at” is a time like 18:00."), "{notices}");
    assert!(notices.contains("value=\"25:00\""), "{notices}");
    assert!(notices.contains("name=\"waiting_push\" value=\"yes\" checked"), "{notices}");
    assert!(!notices.contains("name=\"summary_push\" value=\"yes\" checked"), "{notices}");

    portal.answers(
        Method::GET,
        NOTICES,
        json!({
            "handOffWaiting": { "email": true, "push": false }, "phoneRemoved": { "email": false, "push": true },
            "dailySummary": { "email": false, "push": false }, "dailyAt": "18:00", "email": "amina@example.com",
            "emailWorks": true, "pushKey": "BAAA", "browsers": 0,
        }),
    );
    let page = portal.get("/app/settings").await.text;
    let notices = form(&page, "/app/settings/notices");
    assert!(notices.contains("name=\"waiting_email\" value=\"yes\" checked> "), "{notices}");
    assert!(!notices.contains("disabled"), "{notices}");
}

#[tokio::test]
async fn oneself_can_be_changed_and_deleted_before_there_is_a_bot_and_without_a_business() {
    let portal = TestPortal::new();
    for none in [false, true] {
        portal.session(|facts| {
            if none {
                facts["tenant"] = Value::Null;
                facts["tenants"] = json!([]);
                facts["role"] = Value::Null;
            }
        });
        portal.asked();
        let page = portal.get("/app/settings").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let asked = portal.asked();
        assert!(asked.iter().all(|seen| seen.path == "/portal/session"), "{asked:?}");
        for there in
            ["/app/settings/person", "/app/settings/password", "/app/settings/email", "/app/settings/delete"]
        {
            assert!(page.text.contains(&format!("action=\"{there}\"")), "{there}: {}", page.text);
        }
        for hidden in
            ["/app/settings/staff", "/app/settings/export", "/app/settings/notices", "href=\"/app/messages\""]
        {
            assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
        }
        assert!(page.text.contains("autocomplete=\"username\""), "whose password it is");
        portal.refuses(Method::POST, "/portal/me/password", 204, Value::Null);
        let done = portal.post("/app/settings/password", "current=a&new=three+odd+words").await;
        assert_eq!(done.location(), "/app/settings?done=password");
        portal.answers(Method::POST, "/portal/me/delete", json!({ "leftWithoutOwner": [] }));
        let gone = portal.post("/app/settings/delete", "confirm=amina%40example.com").await;
        assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    }
    // What is the business's waits for one.
    assert_eq!(portal.post("/app/settings/notices", "daily_at=18%3A00").await.location(), "/app/businesses");
}
