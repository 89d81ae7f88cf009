//! The journal against [`replies::Ledger`]: what one takes the other takes, what one refuses the other refuses for the same
//! reason, and both then say the same of what is free, left and whose.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use domain::{ContactId, Timestamp};
use jiff::SignedDuration;
use proptest::prelude::*;
use replies::{
    Amount, Block, Booking, BookingState, By, Change, Ledger, Order, OrderLine, OrderState, Product, Profile,
    Record, Ticket, TicketState, Way,
};
use rusqlite::{Connection, params};

use super::{contacts::blob, records, schema};

const PEOPLE: u64 = 3;
const STATES: [BookingState; 4] =
    [BookingState::Booked, BookingState::Cancelled, BookingState::Came, BookingState::Missed];
const ORDERS: [OrderState; 5] =
    [OrderState::Placed, OrderState::Accepted, OrderState::Shipped, OrderState::Done, OrderState::Cancelled];
const TICKETS: [TicketState; 4] =
    [TicketState::Open, TicketState::InWork, TicketState::Solved, TicketState::Cancelled];

fn start() -> Timestamp {
    "2026-03-02T06:00:00Z".parse().unwrap()
}

fn at(step: u16) -> Timestamp {
    start().checked_add(SignedDuration::from_mins(i64::from(step) * 5)).unwrap()
}

#[derive(Debug, Clone)]
struct Op {
    person: u64,
    /// Which number; several ops change the same record.
    number: u32,
    kind: u8,
    /// What whoever changes it has seen, against what is there: 0 is right.
    off: u32,
    step: u16,
    steps: u16,
    lane: u8,
    state: usize,
    quantity: u32,
    recount: bool,
}

fn ops() -> impl Strategy<Value = Vec<Vec<Op>>> {
    let op = (
        (0..PEOPLE, 1001..1004u32, 0..4u8, prop_oneof![6 => Just(0u32), 1 => Just(1)]),
        (0..12u16, 1..6u16, 0..3u8, prop_oneof![4 => Just(0usize), 2 => 0..5usize], 0..5u32),
        prop::bool::weighted(0.05),
    )
        .prop_map(|((person, number, kind, off), (step, steps, lane, state, quantity), recount)| Op {
            person,
            number,
            kind,
            off,
            step,
            steps,
            lane,
            state,
            quantity,
            recount,
        });
    prop::collection::vec(prop::collection::vec(op, 1..3), 1..60)
}

fn change(ledger: &Ledger, op: &Op) -> Change {
    let sign = ["B", "O", "T", "X"][usize::from(op.kind)];
    let reference = format!("{sign}-{}", op.number);
    let known = ledger.get(&reference).map(Record::version);
    let seen = known.map(|version| version + op.off).or((op.off > 0).then_some(op.off));
    let (version, changed_at) = (seen.map_or(1, |seen| seen + 1), at(op.step));
    let lane = format!("lane-{}", op.lane);
    let record = match op.kind {
        0 => Record::Booking(Booking {
            reference,
            version,
            service: "cut".to_owned(),
            service_name: "Cut".to_owned(),
            at: at(op.step),
            minutes: op.steps * 5,
            lane,
            with: None,
            name: "Asha".to_owned(),
            phone: None,
            price: None,
            note: None,
            state: STATES[op.state % STATES.len()],
            by: By::Bot,
            made_at: start(),
            changed_at,
        }),
        1 => Record::Order(Order {
            reference,
            version,
            lines: ["soap", "rope"]
                .iter()
                .take(1 + usize::from(op.lane % 2))
                .map(|code| OrderLine {
                    code: (*code).to_owned(),
                    name: (*code).to_owned(),
                    quantity: Amount::whole(op.quantity),
                    price: Amount::ONE,
                })
                .collect(),
            way: Way::PickUp,
            total: Amount::ONE,
            name: "Asha".to_owned(),
            phone: None,
            note: None,
            state: ORDERS[op.state % ORDERS.len()],
            by: By::Bot,
            made_at: start(),
            changed_at,
        }),
        2 => Record::Ticket(Ticket {
            reference,
            version,
            category: String::new(),
            category_name: String::new(),
            text: "broken".to_owned(),
            name: None,
            phone: None,
            urgent: false,
            state: TICKETS[op.state % TICKETS.len()],
            by: By::Bot,
            made_at: start(),
            changed_at,
        }),
        _ => Record::Block(Block {
            reference,
            version,
            at: at(op.step),
            minutes: op.steps * 5,
            lane: (op.lane > 0).then_some(lane),
            note: None,
            lifted: op.state > 2,
            made_at: start(),
            changed_at,
        }),
    };
    Change { expects: seen, record }
}

fn profile(counted: i64) -> Profile {
    let product = |stock: u32| Product {
        code: "soap".to_owned(),
        stock: Some(Amount::whole(stock)),
        stock_counted: counted,
        stock_counted_at: None,
        ..serde_json::from_str(r#"{"code":"soap","name":{"en":"Soap"},"price":"1"}"#).unwrap()
    };
    Profile { catalogue: vec![product(10)], ..Profile::default() }
}

fn people(database: &Connection) -> Vec<ContactId> {
    let person = |n: u64| {
        let id = ContactId::generate();
        database
            .execute("INSERT INTO contacts (id, lid) VALUES (?1, ?2)", params![blob(id), n.to_string()])
            .unwrap();
        id
    };
    (0..PEOPLE).map(person).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_journal_takes_what_the_ledger_takes(outcomes in ops()) {
        let folder = tempfile::tempdir().unwrap();
        let database = schema::open(&vault::Files::Plain, &folder.path().join("journal.db"), domain::TenantId::generate(), Some(1)).unwrap();
        // One transaction: nothing here is about what survives.
        database.execute_batch("BEGIN").unwrap();
        let people = people(&database);
        let (mut ledger, mut counted) = (Ledger::default(), 0);
        ledger.stock(&profile(counted));
        records::take_stock(&database, &profile(counted)).unwrap();
        for ops in outcomes {
            if ops[0].recount {
                counted += 1;
                ledger.stock(&profile(counted));
                records::take_stock(&database, &profile(counted)).unwrap();
            }
            let mut tried = ledger.clone();
            let (person, mut changes, mut taken) = (ops[0].person, Vec::new(), Ok(()));
            for op in &ops {
                let change = change(&tried, op);
                changes.push(change.clone());
                taken = tried.apply(Some(person), &change);
                if taken.is_err() {
                    break;
                }
            }
            let mine = people[usize::try_from(person).unwrap()];
            let said = records::apply_all(&database, Some(mine), &changes).unwrap();
            prop_assert_eq!(&said, &taken);
            if taken.is_ok() {
                ledger = tried;
            }
            for (n, id) in (0..).zip(&people) {
                let mut expected = ledger.snapshot(n);
                let mut held = records::snapshot(&database, *id, Timestamp::UNIX_EPOCH).unwrap();
                let order = |record: &Record| (record.changed_at(), record.reference().to_owned());
                expected.mine.sort_by_key(order);
                held.mine.sort_by_key(order);
                prop_assert_eq!(held, expected);
            }
        }
    }
}

/// Two open bookings of a lane have no cell in common, whatever decided them.
#[test]
fn a_cell_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let database = schema::open(
        &vault::Files::Plain,
        &folder.path().join("journal.db"),
        domain::TenantId::generate(),
        Some(1),
    )
    .unwrap();
    let insert = |reference: &str| {
        database.execute(
            "INSERT INTO records (reference, kind, version, open, changed_at, body, sequence) \
             VALUES (?1, 'booking', 1, 1, 0, '{}', ?2)",
            params![reference, reference.len() as i64],
        )
    };
    insert("B-1").unwrap();
    insert("B-22").unwrap();
    let take = |reference: &str| {
        database.execute("INSERT INTO cells (lane, at, reference) VALUES ('a', 7, ?1)", [reference])
    };
    take("B-1").unwrap();
    assert!(take("B-22").is_err());
}

/// The profile is told to a new journal before the open records: what was ordered is not sold again.
#[test]
fn an_open_order_that_a_new_journal_is_told_takes_its_goods_from_the_stock() {
    let folder = tempfile::tempdir().unwrap();
    let database = schema::open(
        &vault::Files::Plain,
        &folder.path().join("journal.db"),
        domain::TenantId::generate(),
        Some(1),
    )
    .unwrap();
    let asha = people(&database)[0];
    records::take_stock(&database, &profile(1)).unwrap();
    let op = Op {
        person: 0,
        number: 1001,
        kind: 1,
        off: 0,
        step: 0,
        steps: 1,
        lane: 0,
        state: 0,
        quantity: 3,
        recount: false,
    };
    let order = change(&Ledger::default(), &op).record;
    records::restore(&database, Some(asha), &order).unwrap();
    let left = || records::snapshot(&database, asha, Timestamp::UNIX_EPOCH).unwrap().stock["soap"];
    assert_eq!(left(), Amount::whole(7));
    let Record::Order(mut order) = order else { unreachable!("an order was made") };
    order.state = OrderState::Cancelled;
    let cancelled = Change::of(Record::Order(order));
    assert_eq!(records::apply_all(&database, Some(asha), &[cancelled]).unwrap(), Ok(()));
    assert_eq!(left(), Amount::whole(10));
}
