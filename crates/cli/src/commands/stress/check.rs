//! Looks into each place where a tenant could show up in another.

use std::{
    collections::HashSet,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use domain::{Direction, SessionState};
use store::{MessageLog, PageRequest, StoreError};

use super::{
    report::Check,
    scene::{Scene, Subject, failed, lines},
};
use crate::error::CliError;

/// Every check while all runs.
pub(super) async fn all(scene: &Scene) -> Result<Vec<Check>, CliError> {
    Ok(vec![
        answers(scene),
        rows(scene).await?,
        sessions(scene).await?,
        workers(scene),
        files(scene),
        logs(scene),
    ])
}

/// Another tenant's marker in a text.
fn foreign<'a>(scene: &'a Scene, own: &Subject, text: &str) -> Option<&'a str> {
    let others = scene.subjects.iter().filter(|other| other.id != own.id);
    others.map(|other| other.marker.as_str()).find(|marker| text.contains(marker))
}

/// Every message answered exactly once, with the right tenant's words.
fn answers(scene: &Scene) -> Check {
    let mut check = Check::new("answers");
    for subject in &scene.subjects {
        for (n, customer) in scene.customers.iter().enumerate() {
            let wanted = lines(subject, n, scene.messages).len();
            let replies = customer.received(&subject.number);
            check.seen += replies.len();
            if replies.len() != wanted {
                check.fault(format!("{}: {wanted} messages got {} replies", subject.id, replies.len()));
            }
            let texts: Vec<_> = replies.iter().map(|reply| reply.body.text().unwrap_or_default()).collect();
            if !texts.first().is_some_and(|text| text.contains(&subject.marker)) {
                check.fault(format!("{}: the greeting is not in its own name", subject.id));
            }
            if let Some(marker) = texts.iter().find_map(|text| foreign(scene, subject, text)) {
                check.fault(format!("{}: a reply says {marker}, another tenant's word", subject.id));
            }
        }
    }
    check.of("replies")
}

/// The conversation log of each tenant holds its own conversations, all and once.
async fn rows(scene: &Scene) -> Result<Check, CliError> {
    let mut check = Check::new("rows");
    let mut ids = HashSet::new();
    for subject in &scene.subjects {
        let scope = scene.plane.store.tenant(subject.id);
        let page = scope.logs(PageRequest { limit: 500, before: None }).await.map_err(failed("the log"))?;
        check.seen += page.items.len();
        if page.items.len() != 2 * scene.messages {
            check.fault(format!(
                "{}: {} rows, {} expected",
                subject.id,
                page.items.len(),
                2 * scene.messages
            ));
        }
        for (n, customer) in scene.customers.iter().enumerate() {
            let heard = page
                .items
                .iter()
                .rev()
                .filter(|row| row.direction == Direction::In && row.from_number == customer.number());
            if !heard.map(|row| row.message_text.clone()).eq(lines(subject, n, scene.messages)) {
                check.fault(format!("{}: what customer {n} wrote is not what is on record", subject.id));
            }
        }
        let detail = scope.get().await.map_err(failed("the tenant"))?;
        let texts =
            page.items.iter().map(|row: &MessageLog| format!("{row:?}")).chain([format!("{detail:?}")]);
        if let Some(marker) = texts.into_iter().find_map(|text| foreign(scene, subject, &text)) {
            check.fault(format!("{}: a row holds {marker}, another tenant's word", subject.id));
        }
        if !page.items.iter().all(|row| row.tenant_id == subject.id && ids.insert(row.wa_message_id.clone()))
        {
            check.fault(format!("{}: a message stands under two tenants, or twice", subject.id));
        }
    }
    Ok(check.of("log rows"))
}

/// Each tenant is linked as its own number.
async fn sessions(scene: &Scene) -> Result<Check, CliError> {
    let mut check = Check::new("sessions");
    for subject in &scene.subjects {
        check.seen += 1;
        let session = scene.plane.store.tenant(subject.id).get().await.map_err(failed("the tenant"))?.session;
        let number = session.linked_number.as_ref().map(domain::Digits::as_str);
        if number != Some(&subject.number) || session.state != SessionState::Connected {
            check.fault(format!("{}: its session is not that of its own phone", subject.id));
        }
    }
    Ok(check.of("linked phones"))
}

/// Each tenant has one process, which has nothing of another's, and nobody else has its files open.
fn workers(scene: &Scene) -> Check {
    let mut check = Check::new("workers");
    let cells = &scene.settings.paths.sessions;
    let mut pids = HashSet::new();
    for subject in &scene.subjects {
        check.seen += 1;
        let proc = PathBuf::from(format!("/proc/{}", subject.pid));
        let Ok(arguments) = std::fs::read_to_string(proc.join("cmdline")) else {
            check.fault(format!("{}: its worker is gone", subject.id));
            continue;
        };
        if !pids.insert(subject.pid) || !arguments.contains(&subject.id.to_string()) {
            check.fault(format!("{}: its process is another tenant's", subject.id));
        }
        // But where SQLite may put what is temporary, since nowhere else is it let, and how its memory is given back.
        // glibc parts the latter where they stand.
        let known = [&b"SQLITE_TMPDIR="[..], b"GLIBC_TUNABLES=", b"glibc."];
        let ours = |environment: Vec<u8>| {
            let mut pairs = environment.split(|byte| *byte == 0);
            pairs.all(|pair| pair.is_empty() || known.iter().any(|name| pair.starts_with(name)))
        };
        if std::fs::read(proc.join("environ")).is_ok_and(|environment| !ours(environment)) {
            check.fault(format!("{}: its process has an environment", subject.id));
        }
        let others = scene.subjects.iter().filter(|other| other.id != subject.id);
        let ids: Vec<_> = others.map(|other| other.id.to_string()).collect();
        if open_files(&proc).iter().any(|file| ids.iter().any(|id| file.to_string_lossy().contains(id))) {
            check.fault(format!("{}: its process has another tenant's file open", subject.id));
        }
    }
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    for entry in processes {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let files = open_files(&entry.path());
        if !pids.contains(&pid) && files.iter().any(|file| file.starts_with(cells)) {
            check.fault(format!("process {pid} is no worker and has a file of a tenant's directory open"));
        }
    }
    check.of("processes")
}

fn open_files(proc: &Path) -> Vec<PathBuf> {
    let descriptors = std::fs::read_dir(proc.join("fd")).into_iter().flatten().flatten();
    descriptors.filter_map(|entry| std::fs::read_link(entry.path()).ok()).collect()
}

/// Each directory is its tenant's alone.
fn files(scene: &Scene) -> Check {
    let mut check = Check::new("files");
    for subject in &scene.subjects {
        let cell = scene.settings.paths.sessions.join(subject.id.to_string());
        let mode = std::fs::symlink_metadata(&cell)
            .map(|facts| (facts.is_dir(), facts.permissions().mode() & 0o777));
        if !matches!(mode, Ok((true, 0o700))) {
            check.fault(format!("{}: its directory is not a directory of mode 0700", subject.id));
        }
        for file in below(&cell) {
            check.seen += 1;
            let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap_or_default()).into_owned();
            if let Some(marker) = foreign(scene, subject, &text) {
                check.fault(format!("{} holds {marker}, another tenant's word", file.display()));
            }
        }
    }
    check.of("files")
}

/// A tenant's log names nobody else, and no log has a number or a marker word.
fn logs(scene: &Scene) -> Check {
    let mut check = Check::new("logs");
    for file in below(&scene.settings.paths.logs) {
        check.seen += 1;
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap_or_default()).into_owned();
        let numbers = scene.customers.iter().map(virtual_whatsapp::Customer::number);
        let markers = scene.subjects.iter().flat_map(|subject| [subject.marker.as_str(), &subject.number]);
        if let Some(word) = numbers.chain(markers).find(|word| text.contains(word)) {
            check.fault(format!("{} holds {word}", file.display()));
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let own = scene.subjects.iter().find(|subject| name.contains(&subject.id.to_string()));
        if let Some(own) = own
            && scene.subjects.iter().any(|other| other.id != own.id && text.contains(&other.id.to_string()))
        {
            check.fault(format!("{} names another tenant", file.display()));
        }
    }
    check.of("log files")
}

/// After everything was deleted: nothing is left in any table or directory.
pub(super) async fn nothing_left(scene: &Scene) -> Result<Check, CliError> {
    let mut check = Check::new("clean-up");
    let operator = scene.plane.store.operator();
    for subject in &scene.subjects {
        check.seen += 1;
        for (table, rows) in operator.rows_left(subject.id).await.map_err(failed("the database"))? {
            check.fault(format!("{}: {rows} rows are left in {table}", subject.id));
        }
        if !matches!(scene.plane.store.tenant(subject.id).get().await, Err(StoreError::NotFound("tenant"))) {
            check.fault(format!("{}: it is still there", subject.id));
        }
        let events = scene.plane.store.tenant(subject.id).events(PageRequest::default()).await;
        let events = events.map_err(failed("the audit log"))?.items;
        let newest = events.first().map(|event| (event.event_type.as_str(), event.payload.to_string()));
        let personal = events.iter().map(|event| event.payload.to_string());
        if newest != Some(("TENANT_DELETED", "{}".to_owned()))
            || personal
                .into_iter()
                .any(|text| text.contains(&subject.marker) || text.contains(&subject.number))
        {
            check
                .fault(format!("{}: its audit log does not end in a line without personal data", subject.id));
        }
        let cmdline = std::fs::read_to_string(format!("/proc/{}/cmdline", subject.pid)).unwrap_or_default();
        if cmdline.contains(&subject.id.to_string()) {
            check.fault(format!("{}: its process still runs", subject.id));
        }
        let left = below(&scene.settings.paths.data_dir);
        if let Some(file) = left.iter().find(|file| file.to_string_lossy().contains(&subject.id.to_string()))
        {
            check.fault(format!("{} is left", file.display()));
        }
    }
    Ok(check.of("tenants deleted"))
}

/// Every file and directory below one.
fn below(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            let beneath = if path.is_dir() { below(&path) } else { Vec::new() };
            std::iter::once(path).chain(beneath)
        })
        .collect()
}
