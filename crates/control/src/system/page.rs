//! How the control plane is doing.

use askama::Template;
use axum::response::Response;
use web::ui::{Banner, Head, Icon};

use crate::{call::Call, shell::Section};

#[derive(Template)]
#[template(path = "system.html")]
struct View<'a> {
    system: &'a api::System,
    database: String,
    disk: String,
    memory: String,
    worker_memory: String,
    banner: Option<Banner>,
    month: String,
}

/// The page.
pub(super) async fn show(call: &Call, system: &api::System) -> Response {
    let low = system.disk_free_bytes.is_some_and(|free| free < 1_000_000_000);
    let view = View {
        database: match system.database_ms {
            Some(ms) => words::system::answers_in(&system.database, ms),
            None => words::system::no_answer(&system.database),
        },
        disk: match system.disk_free_bytes.zip(system.disk_total_bytes) {
            Some((free, total)) => words::system::free_of(bytes(free), bytes(total)),
            None => words::system::not_known().to_owned(),
        },
        memory: system.memory_bytes.map_or_else(|| words::system::not_known().to_owned(), bytes),
        worker_memory: bytes(system.worker_memory_bytes),
        banner: low.then(|| Banner {
            text: words::system::disk_low_text().to_owned(),
            ..Banner::wrong(words::system::disk_low())
        }),
        month: call.app.now().to_string().chars().take(7).collect(),
        system,
    };
    call.page(Section::System, Head::new(words::shell::system()), &view).await
}

/// Bytes in their largest unit.
fn bytes(count: u64) -> String {
    let mega = count / 1_000_000;
    if mega >= 10_000 { format!("{} GB", mega / 1000) } else { format!("{mega} MB") }
}
