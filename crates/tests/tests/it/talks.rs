//! The packs that sell and those that help, over the virtual WhatsApp, in both languages: what a customer says and hears,
//! and what stands in the dashboard then. Booking is in `salon`, the restaurant in English in `packs`.

use std::path::Path;

use http::Method;
use serde_json::{Value, json};
use tests::{Admin, Bot, ControlPlane, Flavour, Place};
use virtual_whatsapp::{Options, Server, VirtualWhatsApp};

/// What is said, and what the answer has in it.
type Talk = [(&'static str, &'static [&'static str])];

/// A tenant of a pack, in a language, linked.
async fn open(admin: &Admin, whatsapp: &Server, n: u32, pack: &str, language: &str, name: &str) -> Bot {
    let number = format!("2557540{n:05}");
    let config = json!({ "template_type": pack, "language": language, "business_name": name });
    let id = admin.create_tenant(&format!("{name} {n}"), &number, config).await;
    let bot = Bot { id, number };
    bot.link(admin, whatsapp).await;
    bot
}

/// A customer goes through a talk; each answer is one message.
async fn talk(bot: &Bot, whatsapp: &Server, customer: &str, said: &Talk) {
    let customer = whatsapp.customer(customer, "Asha").unwrap();
    let before = customer.received_count(&bot.number);
    for (place, (words, wanted)) in said.iter().enumerate() {
        let answers = bot.answers(&customer, words).await;
        assert_eq!(answers.len(), before + place + 1, "{words:?} is answered once: {answers:#?}");
        let answer = answers.last().unwrap();
        for word in *wanted {
            assert!(answer.contains(word), "{words:?} was answered without {word:?}: {answer}");
        }
    }
}

/// Waits until a list of the dashboard's has a record in a state; the record.
async fn stands(admin: &Admin, bot: &Bot, list: &str, reference: &str, state: &str) -> Value {
    let path = format!("/admin/tenants/{}/{list}", bot.id);
    let found = |list: &Value| {
        let records = list.as_array()?;
        records.iter().find(|record| record["reference"] == reference && record["state"] == state).cloned()
    };
    let list = admin.wait_for_document(&path, state, |list| found(list).is_some()).await;
    found(&list).unwrap()
}

/// A person in the dashboard gives a record another state.
async fn becomes(admin: &Admin, bot: &Bot, record: &Value, state: &str) {
    let reference = record["reference"].as_str().unwrap();
    let path = format!("/admin/tenants/{}/records/{reference}", bot.id);
    let change = json!({ "version": record["version"], "state": state });
    admin.ok(Method::POST, &path, Some(&change)).await;
}

#[tokio::test]
async fn a_shop_takes_orders_and_calls_them_off_in_both_languages() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();

    let duka = open(admin, &whatsapp, 1, "ECOMMERCE", "SW", "Duka la Asha").await;
    let ordered: &Talk = &[
        ("Habari", &["karibu Duka la Asha", "*2* Agiza"]),
        ("2", &["Fulana, TZS 15,000 (zipo 20)", "Begi, TZS 30,000"]),
        ("fulana mbili", &["2 × Fulana: TZS 30,000"]),
        ("basi", &["*1* Niletewe"]),
        ("niletewe", &["Sinza: TZS 3,000"]),
        ("Sinza, karibu na soko", &["jina"]),
        ("Asha", &["*Jumla TZS 33,000*, jina Asha", "NDIYO"]),
        ("ndiyo", &["*O-1001*", "TZS 33,000"]),
        ("fuatilia", &["O-1001: imepokelewa"]),
    ];
    talk(&duka, &whatsapp, "255712000001", ordered).await;
    let order = stands(admin, &duka, "orders", "O-1001", "placed").await;
    assert!(order.to_string().contains("Sinza, karibu na soko"), "{order}");
    // Another customer sees what is left, and what was called off is there again.
    let left: &Talk = &[("naagiza", &["Fulana, TZS 15,000 (zipo 18)"])];
    talk(&duka, &whatsapp, "255712000002", left).await;
    let off: &Talk = &[("ghairi", &["Tughairi Fulana (O-1001)?"]), ("ndiyo", &["O-1001 imeghairiwa"])];
    talk(&duka, &whatsapp, "255712000001", off).await;
    stands(admin, &duka, "orders", "O-1001", "cancelled").await;
    talk(&duka, &whatsapp, "255712000003", &[("naagiza", &["Fulana, TZS 15,000 (zipo 20)"])]).await;

    let shop = open(admin, &whatsapp, 2, "ECOMMERCE", "EN", "Asha's Shop").await;
    let ordered: &Talk = &[
        ("Hello", &["welcome to Asha's Shop", "*2* Place an order"]),
        ("I want to order 2 t-shirts and 1 bag, pick up, my name is Ali", &["Together TZS 60,000"]),
        ("done", &["*Together TZS 60,000*, for Ali", "YES"]),
        ("yes", &["*O-1001*"]),
        ("track", &["O-1001: received"]),
    ];
    talk(&shop, &whatsapp, "255712000001", ordered).await;
    let order = stands(admin, &shop, "orders", "O-1001", "placed").await;
    // Once it is on its way a customer no longer calls it off.
    becomes(admin, &shop, &order, "shipped").await;
    stands(admin, &shop, "orders", "O-1001", "shipped").await;
    let too_late: &Talk = &[("track", &["O-1001"]), ("cancel", &["O-1001"])];
    talk(&shop, &whatsapp, "255712000001", too_late).await;
    stands(admin, &shop, "orders", "O-1001", "shipped").await;
    assert!(plane.stop().await.success());
}

#[tokio::test]
async fn customer_care_takes_problems_down_and_tells_when_they_are_solved_in_both_languages() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();

    let umeme = open(admin, &whatsapp, 1, "SUPPORT", "SW", "Umeme Wetu").await;
    let told: &Talk = &[
        ("Habari", &["huduma kwa wateja ya Umeme Wetu", "*1* Nina tatizo"]),
        ("1", &["*1* Bidhaa"]),
        ("1", &["maneno yako"]),
        ("Mita haionyeshi chochote tangu Jumatatu", &["*T-1001*"]),
        ("fuatilia", &["T-1001: Bidhaa, iko wazi"]),
    ];
    talk(&umeme, &whatsapp, "255712000001", told).await;
    let ticket = stands(admin, &umeme, "tickets", "T-1001", "open").await;
    assert!(ticket.to_string().contains("Mita haionyeshi chochote tangu Jumatatu"), "{ticket}");
    becomes(admin, &umeme, &ticket, "solved").await;
    stands(admin, &umeme, "tickets", "T-1001", "solved").await;

    let power = open(admin, &whatsapp, 2, "SUPPORT", "EN", "Our Power").await;
    let told: &Talk = &[
        ("I have a problem with my payment", &["customer care at Our Power", "in your own words"]),
        ("I paid yesterday but the bill came again", &["*T-1001*"]),
        ("my ticket", &["T-1001: Payment, open"]),
        ("thanks", &["welcome"]),
    ];
    talk(&power, &whatsapp, "255712000001", told).await;
    let ticket = stands(admin, &power, "tickets", "T-1001", "open").await;
    assert!(ticket.to_string().contains("the bill came again"), "{ticket}");
    // Urgent or not, a person is called by name of the wish.
    talk(&power, &whatsapp, "255712000001", &[("agent", &["One of us"])]).await;
    let waiting = format!("/admin/tenants/{}/hand-offs", power.id);
    let listed = |list: &Value| list["chats"].as_array().is_some_and(|chats| chats.len() == 1);
    admin.wait_for_document(&waiting, "one chat waits", listed).await;
    assert!(plane.stop().await.success());
}

#[tokio::test]
async fn a_restaurant_brings_food_and_keeps_a_table_in_swahili() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let place = Place::new().with("PACKS_DIR", packs);
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();

    let mama = open(admin, &whatsapp, 1, "RESTAURANT", "SW", "Mama Ntilie").await;
    let brought: &Talk = &[
        ("Habari", &["Karibu Mama Ntilie! 🍲", "*1* Agiza chakula"]),
        ("1", &["Pilau, TZS 8,000", "Samaki wa kupaka, TZS 15,000 (zipo 6)"]),
        ("pilau mbili na juisi moja", &["2 × Pilau: TZS 16,000", "Jumla TZS 19,000"]),
        ("basi", &["*1* Niletewe"]),
        ("niletewe", &["Posta: TZS 2,000"]),
        ("Posta, Samora 12", &["jina"]),
        ("Asha", &["wapishi"]),
        ("bila pilipili tafadhali", &["*Jumla TZS 21,000*", "NDIYO"]),
        ("ndiyo", &["*O-1001*", "TZS 21,000"]),
    ];
    talk(&mama, &whatsapp, "255712000001", brought).await;
    let order = stands(admin, &mama, "orders", "O-1001", "placed").await;
    assert!(order.to_string().contains("bila pilipili tafadhali"), "{order}");
    let kept: &Talk = &[
        ("weka meza", &["Meza ya watu wangapi?"]),
        ("watu wanne", &["Siku gani?"]),
        ("keshokutwa", &["saa ngapi?"]),
        ("saa sita na nusu mchana", &["jina"]),
        ("Halima", &["12:30", "Halima", "NDIYO"]),
        ("ndiyo", &["B-1001", "12:30"]),
    ];
    talk(&mama, &whatsapp, "255712000002", kept).await;
    let booking = stands(admin, &mama, "bookings?day=all", "B-1001", "booked").await;
    assert!(booking.to_string().contains("Halima"), "{booking}");
    assert!(plane.stop().await.success());
}
