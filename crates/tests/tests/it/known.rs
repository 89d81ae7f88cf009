//! A phone with a life of its own: its owner wants the bot to answer those only with whom the phone had not chatted.

use http::Method;
use serde_json::json;
use tests::{Bot, ControlPlane, Flavour, LIMIT, Place};
use virtual_whatsapp::{EventKind, Options, ReceiptKind, VirtualWhatsApp};

const ASHA: &str = "255712000001";
const HAMISI: &str = "255712000002";
const NUMBER: &str = "255754000001";

#[tokio::test]
async fn somebody_chatted_with_before_is_left_alone_and_a_stranger_is_answered() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let config = json!({ "template_type": "BOOKING", "language": "SW", "business_name": "Saluni ya Neema" });
    let bot = Bot { id: admin.create_tenant("Neema", NUMBER, config).await, number: NUMBER.to_owned() };
    let profile = format!("/admin/tenants/{}/profile", bot.id);
    let only_new_people = async |on: bool| {
        let mut told = admin.ok(Method::GET, &profile, None).await;
        told["manners"]["only_new_people"] = json!(on);
        admin.ok(Method::PUT, &profile, Some(&told)).await
    };
    only_new_people(true).await;

    // Before the bot there was a life: Asha wrote, and to Hamisi the owner did.
    let phone = whatsapp.phone(NUMBER).unwrap();
    let (asha, hamisi) =
        (whatsapp.customer(ASHA, "Asha").unwrap(), whatsapp.customer(HAMISI, "Hamisi").unwrap());
    asha.send_text(NUMBER, "Mambo?").unwrap();
    phone.send_text(HAMISI, "Uko wapi?").unwrap();
    bot.link(admin, &whatsapp).await;

    let read = |id: &str| {
        let id = id.to_owned();
        move |event: &EventKind| matches!(event, EventKind::Receipt { id: of, kind: ReceiptKind::Read, .. } if *of == id)
    };
    let settled = async |customer: &virtual_whatsapp::Customer, text: &str| {
        let id = customer.send_text(NUMBER, text).unwrap();
        let taken = |event: &EventKind| match event {
            EventKind::Acked { id: of, .. } | EventKind::Receipt { id: of, .. } => *of == id,
            _ => false,
        };
        whatsapp.events().wait_for(LIMIT, taken).await.expect("the bot has taken it");
        id
    };
    let first = settled(&asha, "Upo?").await;
    // What comes by the hidden name is the same person's.
    let second = settled(&hamisi, "Niko njiani").await;
    let juma = whatsapp.customer("255712000003", "Juma").unwrap();
    let said = bot.answers(&juma, "Habari").await;
    assert!(said[0].contains("Saluni ya Neema"), "{said:?}");
    let logs = admin.wait_for_logs(&bot.id, "the stranger's on record", |logs| logs.len() >= 2).await;
    assert!(
        logs.iter().all(|log| log["from_number"] == "255712000003" || log["to_number"] == "255712000003"),
        "{logs:?}"
    );
    for (friend, id) in [(&asha, &first), (&hamisi, &second)] {
        assert_eq!(friend.received(NUMBER).iter().filter(|entry| entry.from_device != 0).count(), 0);
        assert!(!whatsapp.events().since(0).iter().any(|event| read(id)(&event.kind)), "no read receipt");
    }

    // With the switch off the same people are customers like any other.
    only_new_people(false).await;
    let answered = || asha.received(NUMBER).iter().any(|entry| entry.from_device != 0);
    for _ in 0..30 {
        // The bot is told while customers write: the stranger's answer shows that it had its turn.
        settled(&asha, "Habari").await;
        bot.answers(&juma, "menyu").await;
        if answered() {
            break;
        }
    }
    assert!(answered(), "{:?}", asha.received(NUMBER));
    assert!(plane.stop().await.success());
}
