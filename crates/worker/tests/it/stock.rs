//! Goods of a shop whose journal was lost.

use domain::{Language, PackId, RecordKind, RecordRow, Timestamp};
use link::message::{DocumentKind, Down, NextNumbers, SoldSince, Up, document_parts};
use replies::{Amount, By, Order, OrderLine, OrderState, Product, Profile, Record, Text, Way};

use crate::{
    rig::Rig,
    server::{both, text},
};

const ASHA: &str = "255711111111";

fn product(code: &str, stock: u32, counted: i64) -> Product {
    let name = if code == "rice" { Text::both("Mchele", "Rice") } else { Text::both("Sukari", "Sugar") };
    Product {
        code: code.to_owned(),
        name,
        words: Vec::new(),
        price: Amount::whole(3_000),
        unit: Text::default(),
        parts: false,
        stock: Some(Amount::whole(stock)),
        stock_counted: counted,
        stock_counted_at: None,
        category: Text::default(),
        on: true,
    }
}

fn open_order(code: &str, quantity: u32) -> RecordRow {
    let at: Timestamp = "2026-03-01T07:00:00Z".parse().unwrap();
    let line = OrderLine {
        code: code.to_owned(),
        name: code.to_owned(),
        quantity: Amount::whole(quantity),
        price: Amount::whole(3_000),
    };
    let order = Order {
        reference: "O-1041".to_owned(),
        version: 1,
        lines: vec![line],
        way: Way::PickUp,
        total: Amount::whole(3_000),
        name: "Asha".to_owned(),
        phone: None,
        note: None,
        state: OrderState::Placed,
        by: By::Bot,
        made_at: at,
        changed_at: at,
    };
    RecordRow {
        sequence: 1,
        contact: Some(ASHA.to_owned()),
        reference: order.reference.clone(),
        kind: RecordKind::Order,
        version: 1,
        open: true,
        changed_at: at,
        body: serde_json::to_string(&Record::Order(order)).unwrap(),
    }
}

#[tokio::test]
async fn a_new_journal_takes_over_what_was_sold_of_the_count_that_stands_done_orders_included() {
    let mut rig = Rig::new();
    (rig.settings.pack, rig.settings.language, rig.records_follow) = (PackId::ECOMMERCE, Language::En, true);
    let (running, mut control) = rig.start_welcomed().await;
    let catalogue = vec![product("rice", 10, 5), product("sugar", 10, 6)];
    let profile = Profile { catalogue, ..Profile::default() };
    for part in document_parts(DocumentKind::Profile, "7", Some(&serde_json::to_string(&profile).unwrap())) {
        control.say(part).await;
    }
    let knows = |up: &Up| matches!(up, Up::Heartbeat(beat) if beat.profile_version == Some(7));
    control.until(|heard| heard.iter().any(knows).then_some(())).await;
    // Of the rice one is in the open order and six are with their customers; the sugar was counted anew meanwhile.
    let sold =
        |code: &str, counted, wholes: u64| SoldSince { code: code.to_owned(), counted, sold: wholes * 100 };
    let told = Down::OpenRecords {
        journal: control.hello.journal,
        part: 0,
        parts: 1,
        next: NextNumbers { order: 1042, ..NextNumbers::default() },
        rows: vec![open_order("rice", 1)],
        sold: vec![sold("rice", 5, 7), sold("sugar", 4, 9)],
    };
    control.say(told).await;
    rig.server.deliver(vec![text("A1", both(ASHA), "4 rice")]).await.unwrap();
    let said = rig.server.until_sent(1).await.remove(0).text;
    rig.stop(running, control).await;
    let journal = rig.journal();
    let mut left = journal.prepare("SELECT code, (count - sold) / 100 FROM stock ORDER BY code").unwrap();
    let left: Vec<(String, i64)> =
        left.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    assert_eq!(left, [("rice".to_owned(), 3), ("sugar".to_owned(), 10)]);
    assert!(said.contains('3'), "no more than three are left: {said}");
}
