//! The demo's salon, as a newcomer tries it: a haircut in both languages, the reminder, silence on request, and a person
//! who takes a chat over.

use domain::{Clock as _, SystemClock};
use http::Method;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde_json::{Value, json};
use tests::{Demo, Place};

const SALON: &str = "255754000111";

fn zone() -> TimeZone {
    TimeZone::get("Africa/Dar_es_Salaam").unwrap()
}

/// The day in `days` days, where the salon is.
fn day(days: i32) -> Date {
    zone().to_datetime(SystemClock.now()).date().checked_add(days.days()).unwrap()
}

/// A date as people write it.
fn written(day: Date) -> String {
    day.strftime("%-d %b").to_string()
}

fn state_of(list: &Value, reference: &str) -> Option<(String, String)> {
    let found = list.as_array()?.iter().find(|booking| booking["reference"] == reference)?;
    Some((found["state"].as_str()?.to_owned(), found.to_string()))
}

/// The number that a confirmation names.
fn reference(text: &str) -> String {
    let (_, rest) = text.split_once("B-").unwrap_or_default();
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    assert!(!number.is_empty(), "a confirmation names the booking: {text}");
    format!("B-{number}")
}

#[tokio::test]
async fn a_haircut_is_booked_changed_reminded_of_and_cancelled_in_both_languages() {
    let place = Place::new();
    let demo = Demo::start(&place).await;
    let (admin, phones) = (&demo.admin, &demo.phones);
    let tenants = admin.ok(Method::GET, "/admin/tenants", None).await;
    let salon =
        tenants.as_array().and_then(|all| all.iter().find(|tenant| !tenant["phone_number"].is_null()));
    let id = salon.and_then(|salon| salon["id"].as_str());
    let id = id.unwrap_or_else(|| panic!("the demo's tenant: {tenants}")).to_owned();
    let bookings = format!("/admin/tenants/{id}/bookings?day=all");
    let (third, fourth) = (day(3), day(4));

    // In Swahili: booked, changed, cancelled; the list of bookings follows.
    let mut rehema = phones.person("255754000301", "Rehema", SALON).await;
    rehema.says("Habari", &["Karibu", "Weka miadi"]).await;
    rehema.says("nataka kunyoa", &["Siku gani"]).await;
    rehema.says(&written(third), &["saa ngapi"]).await;
    rehema.says("saa nne na nusu asubuhi", &["jina"]).await;
    rehema.says("Rehema Ally", &["10:30", "Rehema Ally", "NDIYO"]).await;
    let hers = reference(&rehema.says("ndiyo", &["Tayari", "10:30"]).await);
    let standing = |state: &'static str, reference: String, hour: &'static str| {
        move |list: &Value| {
            state_of(list, &reference).is_some_and(|(is, whole)| is == state && whole.contains(hour))
        }
    };
    admin.wait_for_document(&bookings, "booked", standing("booked", hers.clone(), "07:30")).await;
    rehema.says("badilisha", &["Siku gani"]).await;
    rehema.says(&format!("{} saa tano asubuhi", written(fourth)), &["11:00", "NDIYO"]).await;
    rehema.says("ndiyo", &["11:00"]).await;
    admin.wait_for_document(&bookings, "changed", standing("booked", hers.clone(), "08:00")).await;
    rehema.says("ghairi", &["Tughairi", "NDIYO"]).await;
    rehema.says("ndiyo", &["imeghairiwa"]).await;
    admin.wait_for_document(&bookings, "cancelled", standing("cancelled", hers.clone(), "08:00")).await;

    // In English.
    let config = json!({ "config": { "language": "EN" } });
    admin.ok(Method::PATCH, &format!("/admin/tenants/{id}"), Some(&config)).await;
    let mut john = phones.person("255754000302", "John", SALON).await;
    john.says("Hello", &["Book an appointment"]).await;
    john.says(&format!("haircut on {} at 10:30", written(third)), &["name"]).await;
    john.says("John Bull", &["10:30", "John Bull", "YES"]).await;
    let his = reference(&john.says("yes", &["Booked"]).await);
    john.says("change", &["day"]).await;
    john.says(&format!("{} at 11", written(third)), &["11:00", "YES"]).await;
    john.says("yes", &["11:00"]).await;

    // The reminder comes a day before, once the demo's clock is there; none for what was cancelled.
    let due = zone().to_timestamp(third.checked_sub(1.day()).unwrap().at(11, 0, 0, 0)).unwrap();
    phones.move_clock(due.as_second() - SystemClock.now().as_second() + 60).await;
    let reminder = john.hears().await;
    assert!(reminder.contains("11:00"), "{reminder}");
    john.says("cancel", &["Cancel", "YES"]).await;
    john.says("yes", &["cancelled"]).await;
    admin.wait_for_document(&bookings, "cancelled", standing("cancelled", his, "08:00")).await;
    phones.move_clock(3 * 24 * 3600).await;

    // Silence on request, until asked otherwise.
    let mut fatma = phones.person("255754000303", "Fatma", SALON).await;
    fatma.says("Hello", &["Book an appointment"]).await;
    fatma.says("STOP", &["START"]).await;
    fatma.write("Are you there?").await;
    let silent = |reason: &'static str, text: &'static str| {
        move |logs: &[Value]| logs.iter().any(|log| log["message_text"] == text && log["silence"] == reason)
    };
    admin.wait_for_logs(&id, "no answer", silent("opted_out", "Are you there?")).await;
    assert_eq!(fatma.unread().await, Vec::<String>::new());
    fatma.says("START", &[]).await;

    // A person takes the chat over, and hands it back.
    fatma.says("agent", &["One of us will write"]).await;
    let waiting = format!("/admin/tenants/{id}/hand-offs");
    let listed = |list: &Value| list["chats"].as_array().is_some_and(|chats| chats.len() == 1);
    let list = admin.wait_for_document(&waiting, "one chat waits", listed).await;
    let contact = list["chats"][0]["contact"].as_str().unwrap().to_owned();
    fatma.write("My hair is green").await;
    admin.wait_for_logs(&id, "the bot keeps quiet", silent("with_person", "My hair is green")).await;
    let said = json!({ "contact": contact, "text": "This is Amina. Come by at two!", "key": "k1" });
    admin.ok(Method::POST, &format!("/admin/tenants/{id}/messages"), Some(&said)).await;
    assert_eq!(fatma.hears().await, "This is Amina. Come by at two!");
    admin.ok(Method::POST, &format!("/admin/tenants/{id}/chats/{contact}/hand-back"), None).await;
    fatma.says("menu", &["Book an appointment"]).await;

    assert_eq!(rehema.unread().await, Vec::<String>::new(), "nobody is reminded of what was cancelled");
    assert_eq!(john.unread().await, Vec::<String>::new());
}
