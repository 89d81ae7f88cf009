//! A pack that is a folder of text files: nothing is compiled for it, a change goes to its tenants while they run, and one
//! that is taken away says so.

use std::{fs, path::Path, process::Stdio};

use http::Method;
use serde_json::json;
use tests::{
    Bot, ControlPlane, Flavour, LIMIT, Place,
    process::{self, Signal},
};
use tokio::io::AsyncWriteExt;
use virtual_whatsapp::{Options, Server, VirtualWhatsApp};

/// Copies the restaurant of this tree, as an operator would.
fn restaurant(into: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/restaurant");
    fs::create_dir_all(into).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, into.join(path.file_name().unwrap())).unwrap();
    }
}

/// Has one new customer after another greet the bot until one is answered in these words: what was changed is told to a
/// worker while customers write.
async fn greeted_with(bot: &Bot, whatsapp: &Server, first: u32, words: &str) {
    let mut said = Vec::new();
    for n in first..first + 30 {
        let customer = whatsapp.customer(&format!("2557120{n:05}"), "Asha").unwrap();
        said = bot.answers(&customer, "Hello").await;
        if said.iter().any(|said| said.contains(words)) {
            break;
        }
    }
    assert!(said.iter().any(|said| said.contains(words)), "nobody was answered {words:?}, but: {said:?}");
}

#[tokio::test]
async fn a_restaurant_answers_from_its_folder_follows_its_changes_and_says_when_it_is_gone() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let packs = place.beside("packs");
    restaurant(&packs.join("restaurant"));
    let place = place.with("PACKS_DIR", &packs);
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();

    let unknown = json!({ "name": "Bakery", "config": { "template_type": "BAKERY" } });
    let (status, problem) = admin.call(Method::POST, "/admin/tenants", Some(&unknown)).await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("config.template_type")));
    assert!(
        problem["detail"].as_str().unwrap().contains("BOOKING, ECOMMERCE, SUPPORT, RESTAURANT"),
        "{problem}"
    );

    let config = json!({ "template_type": "RESTAURANT", "language": "EN", "business_name": "Mama Lishe" });
    let number = "255754000001".to_owned();
    let bot = Bot { id: admin.create_tenant("Mama Lishe", &number, config).await, number };
    bot.link(admin, &whatsapp).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    let mut said = Vec::new();
    for words in
        ["Hello", "1", "2 pilau and 1 mango juice", "done", "fetch it", "Asha", "no chilli please", "yes"]
    {
        said = bot.answers(&asha, words).await;
    }
    assert!(said[0].contains("Welcome to Mama Lishe! 🍲"), "{said:?}");
    assert!(said.last().unwrap().contains("O-1001"), "{said:#?}");
    let orders = format!("/admin/tenants/{}/orders", bot.id);
    admin.wait_for_document(&orders, "the order", |orders| orders.to_string().contains("O-1001")).await;

    // Another word in a text of it, and a broken change after it that nobody is to hear.
    let texts = packs.join("restaurant/en.toml");
    let english = fs::read_to_string(&texts).unwrap();
    fs::write(&texts, english.replace("Welcome to {{ business }}!", "Karibuni at {{ business }}!")).unwrap();
    process::signal(plane.pid(), Signal::HUP);
    greeted_with(&bot, &whatsapp, 100, "Karibuni at Mama Lishe!").await;
    fs::write(&texts, "greeting = ").unwrap();
    process::signal(plane.pid(), Signal::HUP);
    let juma = whatsapp.customer("255712000002", "Juma").unwrap();
    assert!(bot.answers(&juma, "Hello").await[0].contains("Karibuni at Mama Lishe!"));

    fs::remove_dir_all(packs.join("restaurant")).unwrap();
    process::signal(plane.pid(), Signal::HUP);
    greeted_with(&bot, &whatsapp, 200, "One of us will answer you here").await;
    let tenant = admin.tenant(&bot.id).await;
    assert!(tenant["warnings"][0].as_str().unwrap().contains("RESTAURANT"), "{tenant}");
    assert_eq!(tenant["config"]["template_type"], "RESTAURANT", "it comes back with its folder");
    restaurant(&packs.join("restaurant"));
    process::signal(plane.pid(), Signal::HUP);
    greeted_with(&bot, &whatsapp, 300, "Welcome to Mama Lishe! 🍲").await;
    let tenant = admin.tenant(&bot.id).await;
    assert_eq!(tenant["warnings"], json!([]));
    assert!(plane.stop().await.success());
}

/// Talks to `flowhq pack try` as a customer would; what it says.
async fn tried(place: &Place, args: &[&str], said: &str) -> String {
    let mut command = place.command(Flavour::Virtual);
    command
        .args(["pack", "try"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(said.as_bytes()).await.unwrap();
    drop(input);
    let ended = tokio::time::timeout(LIMIT, child.wait_with_output()).await.unwrap().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    text(&ended.stdout)
}

#[tokio::test]
async fn a_pack_is_tried_in_the_terminal_with_what_a_tenant_told_its_bot_and_nothing_of_it_is_kept() {
    let place = Place::new();
    let packs = place.beside("packs");
    restaurant(&packs.join("restaurant"));
    let place = place.with("PACKS_DIR", &packs);
    let plane = ControlPlane::start(&place, Flavour::Virtual, "ws://127.0.0.1:9").await;
    let admin = plane.admin();
    let config = json!({ "template_type": "RESTAURANT", "language": "EN", "business_name": "Mama Lishe" });
    let id = admin.create_tenant("Lishe", "255754000001", config).await;
    let path = format!("/admin/tenants/{id}/profile");
    let mut profile = admin.ok(Method::GET, &path, None).await;
    profile["catalogue"][0]["name"] = json!({ "en": "Coconut pilau" });
    profile["catalogue"][0]["price"] = json!("9500");
    admin.ok(Method::PUT, &path, Some(&profile)).await;

    let folder = packs.join("restaurant");
    let folder = folder.to_str().unwrap();
    let theirs = tried(&place, &[folder, "--tenant", "Lishe"], "Hello\n1\n2 coconut pilau\n").await;
    for words in ["Welcome to Mama Lishe!", "Coconut pilau, TZS 9,500", "2 × Coconut pilau: TZS 19,000"] {
        assert!(theirs.contains(words), "{words}: {theirs}");
    }
    // What is typed counts before what the tenant says, and without a tenant it is the pack's own example.
    let typed =
        tried(&place, &[folder, "--tenant", &id, "--language", "SW", "--name", "Duka"], "Habari\n").await;
    assert!(typed.contains("Karibu Duka!"), "{typed}");
    let example = tried(&place, &[folder, "--language", "EN"], "Hello\n1\n").await;
    assert!(example.contains("Pilau rice, TZS 8,000"), "{example}");
    for list in ["orders", "logs"] {
        let kept = admin.ok(Method::GET, &format!("/admin/tenants/{id}/{list}"), None).await;
        assert_eq!(kept, json!([]), "{list}");
    }
    assert!(plane.stop().await.success());
}
