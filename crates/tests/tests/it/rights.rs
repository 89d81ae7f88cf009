//! What people have a right to: that their data goes, and that it is in no log.

use std::path::PathBuf;

use http::Method;
use serde_json::json;
use tests::{
    Bot, ControlPlane, Flavour, LIMIT, Place, Postgres,
    place::{contains, files, holds},
    process,
};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn a_deleted_tenant_leaves_nothing_but_an_audit_line() {
    let Some(postgres) = Postgres::start() else { return };
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = postgres.place(Place::new(), true).with("LOG_LEVEL", "info");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let (other, _device) = Bot::linked(admin, &whatsapp, 2).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    other.answers(&asha, "Hello").await;
    admin.wait_for_logs(&bot.id, "on record", |logs| logs.len() == 2).await;
    let pid = bot.pid(admin).await;
    let (status, problem) = admin.call(Method::DELETE, &format!("/admin/tenants/{}", bot.id), None).await;
    assert!(status.is_success(), "{problem}");
    process::ended(pid).await;

    let tables = postgres.sql(
        "flowhq",
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'",
    );
    for table in tables.lines().filter(|table| *table != "portal_event_logs") {
        let left = format!("SELECT count(*) FROM {table} WHERE tenant_id = '{}'", bot.id);
        assert_eq!(postgres.sql("flowhq", &left), "0", "{table}");
    }
    let line = format!(
        "SELECT event_type, payload_json FROM portal_event_logs WHERE tenant_id = '{}' ORDER BY created_at DESC LIMIT 1",
        bot.id
    );
    assert_eq!(postgres.sql("flowhq", &line), "TENANT_DELETED|{}");
    let personal = format!(
        "SELECT count(*) FROM portal_event_logs WHERE payload_json LIKE '%{}%' OR payload_json LIKE '%Tenant 1%'",
        bot.number
    );
    assert_eq!(postgres.sql("flowhq", &personal), "0");
    for file in files(&place.data()) {
        assert!(!file.to_string_lossy().contains(&bot.id), "{} is left", file.display());
        let others = file.starts_with(place.cell(&other.id));
        for words in [bot.number.as_str(), "Shop 1"] {
            assert!(others || !holds(&file, words), "{} holds {words:?}", file.display());
        }
    }
    // The other one never noticed.
    assert_eq!(other.answers(&asha, "1").await.len(), 2);
}

#[tokio::test]
async fn what_is_deleted_is_in_no_files_bytes_on_sqlite() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new().with("LOG_LEVEL", "info");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (gone, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let (stays, _device) = Bot::linked(admin, &whatsapp, 2).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let juma = whatsapp.customer("255712000002", "Juma").unwrap();
    gone.answers(&asha, "zqdeletedwords").await;
    stays.answers(&asha, "zqerasedwords").await;
    stays.answers(&juma, "zqkeptwords").await;
    admin.wait_for_logs(&gone.id, "on record", |logs| logs.len() == 2).await;
    admin.wait_for_logs(&stays.id, "on record", |logs| logs.len() == 4).await;
    let noted = json!({ "tags": ["zqtagwords"], "note": "zqnotewords" });
    for bot in [&gone, &stays] {
        admin.ok(Method::PUT, &format!("/admin/tenants/{}/notes", bot.id), Some(&noted)).await;
    }
    let all = || files(&place.data());
    let hold = |words: &str| all().into_iter().filter(|file| holds(file, words)).collect::<Vec<_>>();
    let there =
        ["zqdeletedwords", "zqerasedwords", "zqkeptwords", "zqtagwords", "zqnotewords", gone.number.as_str()];
    for words in there {
        assert!(!hold(words).is_empty(), "the control: {words} is somewhere");
    }
    let contact = format!("/admin/tenants/{}/contacts/{}", stays.id, asha.number());
    admin.ok(Method::DELETE, &contact, None).await;
    admin.ok(Method::DELETE, &format!("/admin/tenants/{}", gone.id), None).await;
    // What operators have noted goes with the tenant, and where they write something else over it.
    admin.ok(Method::PUT, &format!("/admin/tenants/{}/notes", stays.id), Some(&json!({}))).await;
    for words in ["zqdeletedwords", "zqtagwords", "zqnotewords", gone.number.as_str(), "Shop 1"] {
        assert_eq!(hold(words), Vec::<PathBuf>::new(), "{words}");
    }
    // A worker that runs keeps what it has written until its files are closed.
    let pid = stays.pid(admin).await;
    admin.worker(&stays.id, "stop").await;
    process::ended(pid).await;
    assert_eq!(hold("zqerasedwords"), Vec::<PathBuf>::new());
    // Nor is it in what the key opens.
    let journal = tests::sealed::bytes(&place.cell(&stays.id).join("journal.db"));
    assert!(contains(&journal, "zqkeptwords") && !contains(&journal, "zqerasedwords"));
    assert!(!hold("zqkeptwords").is_empty(), "the control: another customer's words are kept");
}

#[tokio::test]
async fn serve_deletes_what_is_older_than_the_tenant_keeps_it() {
    let Some(postgres) = Postgres::start() else { return };
    let place = postgres.place(Place::new(), true);
    let first = ControlPlane::start(&place, Flavour::Virtual, "ws://127.0.0.1:1/ws/chat").await;
    let config = json!({ "template_type": "SUPPORT", "language": "EN" });
    let id = first.admin().create_tenant("Shop", "255754000001", config).await;
    let keep = json!({ "retention_days": 30 });
    first.admin().ok(Method::PATCH, &format!("/admin/tenants/{id}"), Some(&keep)).await;
    first.stop().await;
    postgres.sql(
        "flowhq",
        &format!(
            "INSERT INTO message_logs (tenant_id, id, direction, from_number, to_number, contact, message_text, \
         wa_message_id, created_at, seq) SELECT '{id}', 'row-' || n, 'IN', '1', '2', '1', 'text', 'x', \
         (extract(epoch FROM now()) * 1000)::BIGINT - n::BIGINT * 86400000, n FROM generate_series(1, 1200) n"
        ),
    );
    let _second = ControlPlane::start(&place, Flavour::Virtual, "ws://127.0.0.1:1/ws/chat").await;
    let left = async {
        while postgres.sql("flowhq", "SELECT count(*) FROM message_logs") != "29" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, left).await.unwrap();
}

#[tokio::test]
async fn nothing_personal_is_in_a_log_at_level_info() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new().with("LOG_LEVEL", "info");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Zawadi Push Name").unwrap();
    bot.answers(&asha, "Hello, my marker word is kipepeo").await;
    bot.answers(&asha, "kipepeo again").await;
    admin.wait_for_logs(&bot.id, "on record", |logs| logs.len() == 4).await;
    // Errors too: the phone removes the device, and a worker is killed.
    process::signal(bot.pid(admin).await, process::Signal::KILL);
    bot.is_active(admin).await;
    drop(device);
    plane.stop().await;
    let logs: Vec<_> =
        files(&place.data().join("logs")).into_iter().chain([place.beside("serve.log")]).collect();
    assert!(logs.len() >= 3 && logs.iter().any(|log| holds(log, "a worker is ready")), "{logs:?}");
    for log in logs {
        for words in ["255712000001", asha.lid(), bot.number.as_str(), "kipepeo", "Zawadi", "Shop 1", "Hello"]
        {
            assert!(!holds(&log, words), "{} holds {words:?}", log.display());
        }
    }
}

#[tokio::test]
async fn one_customer_is_exported_and_erased_in_the_log_and_in_the_journal_and_nobody_else() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Zawadi Push Name").unwrap();
    let juma = whatsapp.customer("255712000002", "Juma").unwrap();
    bot.answers(&asha, "Hello").await;
    bot.answers(&asha, "my secret is kipepeo").await;
    bot.answers(&juma, "Hello").await;
    admin.wait_for_logs(&bot.id, "on record", |logs| logs.len() == 6).await;

    let path = format!("/admin/tenants/{}/contacts/255712000001", bot.id);
    let export = admin.ok(Method::GET, &path, None).await;
    assert_eq!(
        (export["complete"].as_bool(), export["log"].as_array().unwrap().len()),
        (Some(true), 4),
        "{export}"
    );
    let journal = &export["journal"];
    assert_eq!((&journal["push_name"], &journal["lid"]), (&"Zawadi Push Name".into(), &asha.lid().into()));
    let messages = journal["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 4, "{journal}");
    assert!(messages.iter().any(|message| message["text"] == "my secret is kipepeo"));
    assert!(journal["conversation"].is_object() && !export.to_string().contains("255712000002"));

    // What the control plane has acknowledged leaves the journal a moment later; until then it says to try again.
    let erase = async {
        loop {
            match admin.call(Method::DELETE, &path, None).await {
                (status, said) if status == 200 => return said,
                (status, said) => assert!(status == 409 && said.to_string().contains("try again"), "{said}"),
            }
        }
    };
    let erased = tokio::time::timeout(LIMIT, erase).await.unwrap();
    assert_eq!(erased, json!({ "journal_messages": 4, "log_rows": 4, "records": 0, "waiting": false }));
    let export = admin.ok(Method::GET, &path, None).await;
    assert_eq!((&export["log"], &export["journal"]), (&json!([]), &json!(null)));
    assert_eq!(admin.logs(&bot.id).await.len(), 2, "the other customer's are left");
    // Not even the bytes are left, once the worker has closed its files.
    let pid = bot.pid(admin).await;
    admin.worker(&bot.id, "stop").await;
    process::ended(pid).await;
    let journal = place.cell(&bot.id).join("journal.db");
    let opened = tests::sealed::bytes(&journal);
    for words in ["kipepeo", "Zawadi Push Name"] {
        assert!(!contains(&opened, words), "{words}");
    }
    assert!(contains(&opened, "Juma"), "the other one is there: the search finds what is");
    assert!(!holds(&journal, "Juma"), "and without the key nobody is there");

    let wrong = format!("/admin/tenants/{}/contacts/..%2Fetc", bot.id);
    assert_eq!(admin.call(Method::GET, &wrong, None).await.0, 422);
    // Who was erased answers as somebody new.
    admin.worker(&bot.id, "start").await;
    bot.is_active(admin).await;
    assert!(bot.answers(&asha, "Hello").await.last().unwrap().contains("Shop 1"));
    let events =
        place.command(Flavour::Virtual).args(["contact", "erase", &bot.id, "255712000003", "--yes"]).output();
    let output = events.await.unwrap();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("Erased: 0 rows of the log, 0 closed bookings"),
        "{output:?}"
    );
}

#[tokio::test]
async fn one_customer_is_forgotten_while_the_worker_is_stopped_before_the_next_one_connects() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Zawadi Push Name").unwrap();
    let juma = whatsapp.customer("255712000002", "Juma").unwrap();
    bot.answers(&asha, "my secret is kipepeo").await;
    bot.answers(&juma, "Hello").await;
    admin.wait_for_logs(&bot.id, "on record", |logs| logs.len() == 4).await;
    let pid = bot.pid(admin).await;
    admin.worker(&bot.id, "stop").await;
    process::ended(pid).await;
    let tenant = format!("/admin/tenants/{}", bot.id);
    let waiting = async || admin.tenant(&bot.id).await["worker_process"]["erasures_waiting"].as_u64();
    assert_eq!(waiting().await, Some(0));

    // Asked for by the name under which the log has nothing: only the journal knows that it is the same customer.
    let path = format!("{tenant}/contacts/lid:{}", asha.lid());
    let (status, said) = admin.call(Method::DELETE, &path, None).await;
    assert_eq!(
        (status.as_u16(), said),
        (202, json!({ "journal_messages": 0, "log_rows": 0, "records": 0, "waiting": true }))
    );
    assert_eq!(waiting().await, Some(1));
    // It outlives the control plane, too.
    plane.kill().await;
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let waiting = async || admin.tenant(&bot.id).await["worker_process"]["erasures_waiting"].as_u64();
    assert_eq!(waiting().await, Some(1));

    admin.worker(&bot.id, "start").await;
    bot.is_active(admin).await;
    assert_eq!(waiting().await, Some(0), "before it connects");
    let logs = admin.logs(&bot.id).await;
    assert!(logs.len() == 2 && !logs.iter().any(|log| log.to_string().contains("255712000001")), "{logs:?}");
    assert!(bot.answers(&asha, "Hello").await.last().unwrap().contains("Shop 1"), "as somebody new");
    let events = admin.ok(Method::GET, &format!("/admin/events?tenant={}", bot.id), None).await.to_string();
    assert!(events.contains("CONTACT_ERASURE_ORDERED") && events.contains("CONTACT_ERASED"), "{events}");
    assert!(!events.contains("255712000001") && !events.contains(asha.lid()), "{events}");

    let pid = bot.pid(admin).await;
    admin.worker(&bot.id, "stop").await;
    process::ended(pid).await;
    plane.stop().await;
    // Not a byte of it, in the journal, the database, and the logs.
    let cell = place.cell(&bot.id);
    let all: Vec<_> = files(&place.data()).into_iter().filter(|file| !file.starts_with(&cell)).collect();
    let journal = tests::sealed::bytes(&cell.join("journal.db"));
    assert!(all.iter().any(|file| holds(file, "Hello")) && contains(&journal, "Juma"));
    for file in &all {
        assert!(!holds(file, "kipepeo"), "{}", file.display());
    }
    assert!(!contains(&journal, "kipepeo"));
}
