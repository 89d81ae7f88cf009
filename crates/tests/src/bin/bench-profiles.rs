//! What a business profile costs a worker: own memory with the one that a new tenant begins with, the demo's salon and a
//! catalogue of 1,000 products, each after the same conversation. Run by `scripts/bench-fleet`; `FLOWHQ_VIRTUAL_BIN` says
//! which binary.
#![expect(clippy::print_stdout, reason = "a tool that prints its figures")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails says so and ends")]

use http::Method;
use replies::Profile;
use serde_json::{Value, json};
use tests::{Bot, ControlPlane, Flavour, Place, process};
use virtual_whatsapp::{Options, VirtualWhatsApp};

/// Products of the largest profile.
const PRODUCTS: usize = 1_000;
/// Workers with each profile: the middle one counts.
const EACH: u16 = 5;
/// What a customer writes to each, in order: also what has the bot look through all that it sells.
const TALK: [&str; 8] = ["Hello", "hours", "menu", "ASK", "menu", "ASK", "hours", "menu"];

/// A name in both languages.
fn name(text: &str) -> Value {
    json!({ "sw": text, "en": text })
}

/// A shop with so many products.
fn shop(products: usize) -> Value {
    let product = |n: usize| {
        json!({
            "code": format!("product-{n}"), "name": name(&format!("Product {n} of our own make")),
            "words": [format!("article {n}"), format!("bidhaa {n}")], "price": (500 + n).to_string(),
            "unit": name("piece"), "stock": "40", "category": name(&format!("Shelf {}", n / 50)),
        })
    };
    json!({ "catalogue": (1..=products).map(product).collect::<Vec<_>>() })
}

#[tokio::main]
async fn main() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new().with("LOG_LEVEL", "info").with("HEARTBEAT_INTERVAL_MS", "30000");
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let salon = serde_json::to_value(Profile::salon()).unwrap();
    let profiles = [
        ("customer care, as a new tenant begins", "SUPPORT", "question", None),
        ("the demo's salon", "BOOKING", "prices", Some(salon)),
        ("a shop with 1,000 products", "ECOMMERCE", "products", Some(shop(PRODUCTS))),
    ];
    println!("own memory of a worker after {} messages, the middle one of {EACH}:", TALK.len());
    let mut number = 0;
    for (what, pack, ask, profile) in profiles {
        let (mut pss, mut dirty) = (Vec::new(), Vec::new());
        for _ in 0..EACH {
            number += 1;
            let bot = Bot::create(plane.admin(), number).await;
            let path = format!("/admin/tenants/{}", bot.id);
            let config = json!({ "config": { "template_type": pack } });
            plane.admin().ok(Method::PATCH, &path, Some(&config)).await;
            if let Some(profile) = &profile {
                plane.admin().ok(Method::PUT, &format!("{path}/profile"), Some(profile)).await;
            }
            bot.link(plane.admin(), &whatsapp).await;
            let customer = whatsapp.customer("255712000001", "Asha").unwrap();
            for text in TALK {
                bot.answers(&customer, if text == "ASK" { ask } else { text }).await;
            }
            let pid = bot.pid(plane.admin()).await;
            pss.push(process::pss(pid));
            dirty.push(process::private_dirty(pid));
        }
        let middle = |mut figures: Vec<u64>| {
            figures.sort_unstable();
            figures[figures.len() / 2] as f64 / 1e6
        };
        println!(
            "  {what}: {:.2} MB (PSS), {:.2} MB written and shared with nobody",
            middle(pss),
            middle(dirty)
        );
    }
}
