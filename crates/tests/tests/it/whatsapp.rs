//! What WhatsApp does to a bot: its connection breaks at any byte, hangs, is ended or refused; messages come again, twice and all
//! at once. Each leads to an answer for each message, once, or to words that say what to do.

use domain::Condition;
use http_body_util::{BodyExt as _, Full};
use tests::{Bot, ControlPlane, Flavour, LIMIT, Place, cable::Cable};
use tokio::task::JoinSet;
use virtual_whatsapp::{Customer, Fault, Lasts, Options, Server, VirtualWhatsApp};

/// Bots whose connections break at once: pauses between connections are each one's own.
const BOTS: u16 = 16;
/// How often a connection breaks in all.
const BREAKS: usize = 64;
/// Customers that wrote while the bot was away, and messages of all of them.
const AWAY: (usize, usize) = (50, 10_000);

/// A bot that is linked, with a customer who has had an answer.
async fn scene(admin: &tests::Admin, whatsapp: &Server, n: u16) -> (Bot, Customer) {
    let (bot, _device) = Bot::linked(admin, whatsapp, n).await;
    let customer = whatsapp.customer(&format!("25571500{n:04}"), "Asha").unwrap();
    bot.answers(&customer, "menu").await;
    (bot, customer)
}

/// Writes and waits for the one answer; a connection may have to be made again several times before.
async fn answered(bot: &Bot, customer: &Customer) {
    let before = customer.received_count(&bot.number);
    customer.send_text(&bot.number, "menu").unwrap();
    customer.wait_for_reply(&bot.number, before + 1, 3 * LIMIT).await.unwrap();
}

/// Each message was answered once, and is on record once with its answer.
async fn nothing_is_lost_or_doubled(admin: &tests::Admin, bot: &Bot, customer: &Customer, messages: usize) {
    assert_eq!(customer.received_count(&bot.number), messages, "{}", bot.number);
    let logs = admin.wait_for_logs(&bot.id, "all is on record", |logs| logs.len() >= 2 * messages).await;
    assert_eq!(logs.len(), 2 * messages, "{}", bot.number);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_at_any_byte_loses_and_doubles_nothing() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let cable = Cable::to(whatsapp.address(), 1).await;
    let url = whatsapp.url().replace(&whatsapp.address().port().to_string(), &cable.port.to_string());
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &url).await;
    let admin = plane.admin();
    let mut scenes = Vec::new();
    for n in 1..=BOTS {
        scenes.push(scene(admin, &whatsapp, n).await);
    }
    cable.breaks(BREAKS);
    let mut talks = JoinSet::new();
    for (bot, customer) in scenes.clone() {
        talks.spawn(async move {
            for _ in 0..4 {
                answered(&bot, &customer).await;
            }
        });
    }
    // Those that are silent meanwhile break too, with what keeps them alive; whoever writes again is what counts.
    while let Some(done) = talks.join_next().await {
        done.unwrap();
    }
    for (bot, customer) in &scenes {
        answered(bot, customer).await;
        nothing_is_lost_or_doubled(admin, bot, customer, 6).await;
    }
    assert!(cable.broken_yet() > BREAKS / 4, "it has broken {} times", cable.broken_yet());
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_ends_a_connection_for_a_while_is_survived() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let faults = [
        (Fault::StreamError { code: 515 }, 1),
        (Fault::StreamError { code: 503 }, 1),
        (Fault::RefuseLogin { reason: 503 }, 2),
        (Fault::DropAfter { stanzas: 3 }, 2),
        (Fault::HalfOpen, 1),
        (Fault::Duplicate, 20),
        (Fault::NoAck, 2),
        (Fault::RateOverlimit, 2),
    ];
    let (mut talks, mut scenes) = (JoinSet::new(), Vec::new());
    for (n, (fault, times)) in (1..).zip(faults) {
        let (bot, customer) = scene(admin, &whatsapp, n).await;
        let refused = matches!(fault, Fault::RefuseLogin { .. });
        whatsapp.faults().for_account(&bot.number, fault.clone(), Lasts::Times { times });
        if refused {
            // Whoever is connected has to log in first.
            whatsapp.faults().for_account(
                &bot.number,
                Fault::StreamError { code: 503 },
                Lasts::Times { times: 1 },
            );
        }
        scenes.push((bot.clone(), customer.clone()));
        talks.spawn(async move {
            for _ in 0..4 {
                answered(&bot, &customer).await;
            }
        });
    }
    while let Some(done) = talks.join_next().await {
        done.unwrap();
    }
    for (bot, customer) in &scenes {
        nothing_is_lost_or_doubled(admin, bot, customer, 5).await;
        bot.is_active(admin).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_a_hundred_times_is_answered_once() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let (bot, customer) = scene(plane.admin(), &whatsapp, 1).await;
    let id = customer.send_text(&bot.number, "menu").unwrap();
    for n in 0..100 {
        match n % 2 {
            0 => customer.resend_same_bytes(&id).unwrap(),
            _ => customer.resend_encrypted_anew(&id, &virtual_whatsapp::SendOptions::default()).unwrap(),
        }
    }
    customer.wait_for_reply(&bot.number, 2, LIMIT).await.unwrap();
    // What comes after all of them is answered after all of them.
    answered(&bot, &customer).await;
    nothing_is_lost_or_doubled(plane.admin(), &bot, &customer, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_in_another_order_are_all_taken() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, asha) = scene(admin, &whatsapp, 1).await;
    let juma = whatsapp.customer("255715000002", "Juma").unwrap();
    whatsapp.faults().for_account(&bot.number, Fault::Reorder, Lasts::Times { times: 10 });
    for _ in 0..10 {
        asha.send_text(&bot.number, "menu").unwrap();
        juma.send_text(&bot.number, "menu").unwrap();
    }
    whatsapp.faults().switch_all_off();
    // What was kept back last comes with the next.
    answered(&bot, &asha).await;
    juma.wait_for_reply(&bot.number, 1, LIMIT).await.unwrap();
    all_are_recorded(admin, &bot, 22).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_while_a_bot_was_away_is_all_taken_and_everybody_is_answered() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new().with("TENANT_PACE_PER_MINUTE", "100000");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _first) = scene(admin, &whatsapp, 1).await;
    admin.worker(&bot.id, "stop").await;
    let (people, messages) = AWAY;
    let customers: Vec<_> =
        (0..people).map(|n| whatsapp.customer(&format!("25571600{n:04}"), "Juma").unwrap()).collect();
    for customer in customers.iter().cycle().take(messages) {
        customer.send_text(&bot.number, "menu").unwrap();
    }
    admin.worker(&bot.id, "start").await;
    for customer in &customers {
        customer.wait_for_reply(&bot.number, 1, 3 * LIMIT).await.unwrap();
    }
    // One more has come before them.
    all_are_recorded(admin, &bot, messages + 1).await;
}

/// So many messages of customers are on record, each once.
async fn all_are_recorded(admin: &tests::Admin, bot: &Bot, messages: usize) {
    let mut changes = admin.events("/admin/stream").await;
    let taken = async {
        while recorded(admin, bot).await < messages {
            while changes.next().await.is_some_and(|(_, change)| change["kind"] != "logs") {}
        }
    };
    tokio::time::timeout(3 * LIMIT, taken).await.unwrap();
    assert_eq!(recorded(admin, bot).await, messages);
}

/// Messages of customers in a bot's log.
async fn recorded(admin: &tests::Admin, bot: &Bot) -> usize {
    let request =
        http::Request::get(format!("/admin/tenants/{}/logs.csv", bot.id)).header("host", "localhost");
    let response = admin.send(request.body(Full::default()).unwrap()).await.unwrap();
    let text = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8_lossy(&text).lines().filter(|line| line.contains(",IN,")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_pass_is_told_in_words_with_what_to_do() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let faults = [
        (Fault::Ban { seconds: 3_600 }, Condition::Limited),
        (Fault::RefuseLogin { reason: 405 }, Condition::Refused),
        (Fault::RefuseLogin { reason: 403 }, Condition::Refused),
        (Fault::RefuseLogin { reason: 401 }, Condition::PhoneRemoved),
        (Fault::Replaced, Condition::Refused),
    ];
    for (n, (fault, condition)) in (1..).zip(faults) {
        let (bot, _customer) = scene(admin, &whatsapp, n).await;
        let faults = whatsapp.faults();
        faults.for_account(&bot.number, fault.clone(), Lasts::Always);
        if !matches!(fault, Fault::Replaced) {
            faults.for_account(&bot.number, Fault::StreamError { code: 503 }, Lasts::Times { times: 1 });
        }
        let path = format!("/admin/tenants/{}", bot.id);
        let wanted = serde_json::to_value(condition).unwrap();
        let told = admin
            .wait_for_document(&path, "it is told", |document| {
                document["tenant"]["health"]["condition"] == wanted
            })
            .await;
        let health = &told["tenant"]["health"];
        let words = health["says"].as_str().unwrap_or_default();
        assert!(words.len() > 20, "{fault:?}: {health}");
    }
}
