//! Tenants as a table: taken out, looked at, put in; once, and never more than was seen.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use web::serve::Peer;

use super::{Answer, HTML, PASSWORD, TestApp, basic};

const IMPORT: &str = "/admin/tenants/import";
const DRY: &str = "/admin/tenants/import?dry_run=true";

impl TestApp {
    /// A table as a script sends it.
    async fn table(&self, path: &str, csv: &str, key: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("authorization", basic("admin", PASSWORD))
            .header("content-type", "text/csv; charset=utf-8")
            .extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(csv.to_owned())).unwrap()).await
    }

    /// The same as the page's form sends it.
    async fn table_form(&self, csv: &str, once: Option<&str>) -> Answer {
        let part = |name: &str, text: &str| {
            format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        let once = once.map(|once| part("once", once)).unwrap_or_default();
        let request = Request::builder()
            .method(Method::POST)
            .uri(IMPORT)
            .header("authorization", basic("admin", PASSWORD))
            .header("accept", HTML)
            .header("content-type", "multipart/form-data; boundary=xx")
            .extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
        let body = format!("{once}{}--xx--\r\n", part("file", csv));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn names(&self) -> Vec<String> {
        let list = self.get("/admin/tenants?sort=name").await.json();
        list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    }
}

/// What became of each row.
fn outcomes(answer: &Answer) -> Vec<(u64, String)> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let rows = answer.json()["rows"].as_array().unwrap().clone();
    rows.iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["outcome"].as_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test]
async fn a_table_is_looked_at_and_then_done_row_by_row() {
    let app = TestApp::new().await;
    let amina = app.tenant("Amina").await;
    let csv = format!(
        "id,name,phone_number,template_type,language,timezone,currency,retention_days,tags,note\n\
         ,Bahati,+255 712 345 678,ecommerce,en,Africa/Nairobi,KES,30,\"vip, Nairobi\",Pays late\n\
         {amina},Amina Saluni,,,,,,,vip,\n\
         ,Chiku,0712,shop,,,,,,\n\
         0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70,Gone,,,,,,,,\n\
         ,Amina,,,,,,,,\n"
    );
    let looked = app.table(DRY, &csv, None).await;
    let expected = [(2, "made"), (3, "changed"), (4, "refused"), (5, "refused"), (6, "refused")];
    assert_eq!(outcomes(&looked), expected.map(|(line, word)| (line, word.to_owned())));
    let document = looked.json();
    let changes = [("name", "Amina", "Amina Saluni"), ("tags", "", "vip")];
    let changes = changes.map(|(column, from, to)| json!({ "column": column, "from": from, "to": to }));
    assert_eq!(document["rows"][1]["changes"], json!(changes));
    let problems = document["rows"][2]["problems"].to_string();
    assert!(problems.contains("phone_number") && problems.contains("template_type"), "{problems}");
    assert!(problems.contains("SUPPORT"), "what could stand there is told: {problems}");
    assert_eq!(app.names().await, ["Amina"], "nothing was changed");
    assert_eq!(app.events().await, ["TENANT_CREATED"]);

    let done = app.table(IMPORT, &csv, None).await;
    assert_eq!(outcomes(&done), outcomes(&looked));
    let document = done.json();
    assert_eq!(
        (&document["made"], &document["changed"], &document["refused"]),
        (&json!(1), &json!(1), &json!(3))
    );
    assert_eq!(app.names().await, ["Amina Saluni", "Bahati"]);
    let bahati = document["rows"][0]["id"].as_str().unwrap().to_owned();
    let made = app.get(&format!("/admin/tenants/{bahati}")).await.json()["tenant"].clone();
    assert_eq!(made["phone_number"], "+255712345678");
    assert_eq!((&made["timezone"], &made["currency"]), (&json!("Africa/Nairobi"), &json!("KES")));
    assert_eq!((&made["retention_days"], &made["tags"]), (&json!(30), &json!(["nairobi", "vip"])));
    assert_eq!(
        (&made["config"]["template_type"], &made["config"]["language"]),
        (&json!("ECOMMERCE"), &json!("EN"))
    );
    assert_eq!(app.get(&format!("/admin/tenants/{bahati}/notes")).await.json()["note"], "Pays late");
    assert!(app.events().await.contains(&"TENANTS_IMPORTED".to_owned()));

    // Sent by mistake once more, it makes nothing a second time.
    let again = app.table(IMPORT, &csv, None).await;
    let expected = [(2, "refused"), (3, "same"), (4, "refused"), (5, "refused"), (6, "made")];
    assert_eq!(
        outcomes(&again),
        expected.map(|(line, word)| (line, word.to_owned())),
        "the name Amina is free now"
    );
}

#[tokio::test]
async fn what_is_taken_out_is_put_in_again_and_changes_nothing() {
    let app = TestApp::new().await;
    let tenants = [("=Amina", "-1\n=2"), ("'+Bahati", "'=x"), ("Chiku \"C\", & co 😀", "007")];
    for (n, (name, note)) in tenants.into_iter().enumerate() {
        let id = app.tenant(name).await;
        let notes = json!({ "tags": ["=vip", "a b"], "note": note }).to_string();
        let put = super::request(Method::PUT, &format!("/admin/tenants/{id}/notes"), Some(notes));
        assert_eq!(app.send(put).await.status, StatusCode::OK);
        let change = json!({ "phone_number": format!("+25571234567{n}"), "retention_days": 30 });
        assert_eq!(app.patch(&format!("/admin/tenants/{id}"), &change).await.status, StatusCode::OK);
    }
    let taken = app.get("/admin/tenants.csv").await;
    assert_eq!(taken.headers["content-type"], "text/csv; charset=utf-8");
    assert!(taken.headers["content-disposition"].to_str().unwrap().contains("flowhq-tenants-2026-01-10.csv"));
    assert!(taken.text.starts_with("\u{feff}id,name,phone_number,"), "{}", taken.text);
    // Digits of a text are the constant ="007", and a line within a cell begins none.
    let runs = |cell: &str| {
        !cell.starts_with("\"=\"\"0") && cell.trim_start_matches('"').starts_with(['=', '-', '+', '@'])
    };
    assert!(!taken.text.split(',').any(runs), "nothing of it runs: {}", taken.text);
    let looked = app.table(DRY, &taken.text, None).await;
    assert_eq!(outcomes(&looked).iter().filter(|(_, word)| word == "same").count(), 3, "{}", looked.text);
    let filtered = app.get("/admin/tenants.csv?search=chiku&tag=%3DVIP").await.text;
    assert_eq!(filtered.matches("Africa/Dar_es_Salaam").count(), 1, "{filtered}");
    assert!(app.get("/admin/tenants.csv?tag=none").await.text.ends_with(",note\r\n"));
    let lines = app.events().await;
    assert_eq!(lines.iter().filter(|event| *event == "TENANTS_EXPORTED").count(), 3);
}

#[tokio::test]
async fn the_same_key_does_it_once_and_keeps_no_word_of_it() {
    let app = TestApp::new().await;
    let csv = "name,note\nBahati,secret\n,x\n";
    let first = app.table(IMPORT, csv, Some("k")).await;
    assert_eq!(outcomes(&first), [(2, "made".to_owned()), (3, "refused".to_owned())]);
    let again = app.table(IMPORT, csv, Some("k")).await;
    assert_eq!(outcomes(&again), outcomes(&first));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.json()["rows"][0]["id"], first.json()["rows"][0]["id"]);
    assert!(!again.text.contains("Bahati") && again.text.contains("Why is not kept"), "{}", again.text);
    assert_eq!(
        app.table(IMPORT, "name\nJuma\n", Some("k")).await.problem().2.as_deref(),
        Some("Idempotency-Key")
    );
    assert_eq!(app.names().await, ["Bahati"]);
    // A file that is refused as a whole has done nothing, so that its key is free.
    assert_eq!(app.table(IMPORT, "colour\nred\n", Some("l")).await.problem().2.as_deref(), Some("file"));
    assert_eq!(outcomes(&app.table(IMPORT, "name\nJuma\n", Some("l")).await), [(2, "made".to_owned())]);
}

#[tokio::test]
async fn the_page_shows_what_it_would_do_and_one_button_does_that_once() {
    let app = TestApp::new().await;
    let form = app.page(IMPORT).await.text;
    assert!(
        form.contains("enctype=\"multipart/form-data\"") && form.contains("id,name,phone_number,"),
        "{form}"
    );
    let csv = "name,phone_number\n<b>Bahati</b> 😀,\nChiku,0712\n";
    let looked = app.table_form(csv, None).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    let text = &looked.text;
    assert!(text.contains("1 new, 0 changed, 0 as they are, 1 refused."), "{text}");
    assert!(text.contains("&#60;b&#62;Bahati") && !text.contains("<b>Bahati</b>"), "nothing runs: {text}");
    assert!(
        text.contains("WhatsApp number: ") && text.contains("left out") && text.contains(">Import 1 row<")
    );
    assert!(text.find("Refused").unwrap() < text.find(">New<").unwrap(), "what needs a person comes first");
    assert_eq!(app.names().await, Vec::<String>::new());
    let once = text.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // As a browser sends what stood in the page: its line ends are those of forms.
    let sent = csv.replace('\n', "\r\n");
    let done = app.table_form(&sent, Some(&once)).await;
    assert!(done.text.contains("What it did") && !done.text.contains(">Import 1 row<"), "{}", done.text);
    let twice = app.table_form(&sent, Some(&once)).await;
    assert!(twice.text.contains("1 new, 0 changed"), "{}", twice.text);
    assert_eq!(app.names().await, ["<b>Bahati</b> 😀"], "pressed twice, it is done once");
    let wrong = app.table_form("colour\nred\n", None).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("id=\"e-file\"") && wrong.text.contains("“CSV file” has columns at line 1"),
        "{}",
        wrong.text
    );
    assert_eq!(app.table_form("", None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_table_is_bounded_and_says_what_it_takes() {
    let app = TestApp::new().await;
    let rows =
        |count: usize| format!("name\n{}", (0..count).map(|n| format!("Duka {n}\n")).collect::<String>());
    let most = app.table(DRY, &rows(2_000), None).await;
    assert_eq!((most.status, &most.json()["made"]), (StatusCode::OK, &json!(2_000)));
    assert_eq!(app.table(DRY, &rows(2_001), None).await.problem().2.as_deref(), Some("file"));
    let huge = app.table(DRY, &format!("name\n{}", "x".repeat(2 * 1024 * 1024)), None).await;
    assert_eq!(huge.problem().0, 413, "{}", huge.text);
    let json = app.post(IMPORT, &json!({ "name": "x" })).await;
    assert_eq!(json.problem().0, 415);
    assert_eq!(
        app.table("/admin/tenants/import?dry=1", "name\nx\n", None).await.problem().2.as_deref(),
        Some("dry_run")
    );
    let same = app.table(DRY, "name,phone_number\na,+255712345678\nb,+255712345678\nc,\nC,\n", None).await;
    let words: Vec<_> = outcomes(&same).into_iter().map(|(_, word)| word).collect();
    assert_eq!(words, ["made", "refused", "made", "refused"], "{}", same.text);
    let twice: Value = same.json()["rows"][1]["problems"].clone();
    assert!(twice.to_string().contains("line 2"), "{twice}");
    assert_eq!(app.names().await, Vec::<String>::new());
}

/// The lists of the dashboard with nobody, one, a page full and forty pages full, put in as a table.
#[tokio::test]
async fn every_list_is_as_long_as_a_page_however_many_tenants_there_are() {
    let app = TestApp::new().await;
    let mut there = 0;
    for count in [0, 1, 50, 2_000_usize] {
        while there < count {
            // So few that a busy machine has done them before an answer is due.
            let until = count.min(there + 250);
            let rows: String = (there..until).map(|n| format!("Duka {n},\"a, tag{}\"\n", n % 7)).collect();
            let done = app.table(IMPORT, &format!("name,tags\n{rows}"), None).await;
            assert_eq!(done.json()["made"], until - there, "{}", done.text);
            there = until;
        }
        let page = app.page("/admin/tenants").await.text;
        assert_eq!(page.matches("<tr id=\"t-").count(), count.min(50));
        let says = if count == 0 {
            "No bots yet".to_owned()
        } else {
            format!("{} of {count} tenant", count.min(50))
        };
        assert!(page.contains(&says), "{says}");
        assert_eq!(page.contains("rel=\"next\""), count > 50);
        let tagged = app.page("/admin/tenants?tag=A&sort=name").await.text;
        assert_eq!(tagged.matches("<tr id=\"t-").count(), count.min(50));
        for path in ["/admin/events", "/admin/system", "/admin/setup-requests", "/admin/operators", IMPORT] {
            assert!(app.page(path).await.text.len() < 400_000, "{path}");
        }
        let (mut walked, mut next) = (0, Some("/admin/tenants?limit=500&tag=a".to_owned()));
        while let Some(path) = next {
            let page = app.get(&path).await;
            walked += page.json().as_array().unwrap().len();
            next = page.headers.get("link").map(|link| {
                link.to_str().unwrap().trim_start_matches('<').split('>').next().unwrap().to_owned()
            });
        }
        assert_eq!(walked, count);
        assert_eq!(app.get("/admin/tenants.csv").await.text.lines().count(), 1 + count);
    }
}
