//! What must be true of all tenants once everything has been ended: each message once, each tenant in one place, never two of one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use virtual_whatsapp::{EventKind, Server};

use super::{
    plan::HOSTS,
    world::{World, name},
};
use crate::{
    Bot,
    crash::{
        Counts, Finding, Kind, Plan,
        base::Paths,
        check::{Seen, asked_again, of_messages, undecryptable},
        plan::{Named, Step},
        talk::{Fate, Said},
    },
};

/// All that is wrong; and what is counted.
pub(super) fn check(
    root: &Path,
    world: &World,
    whatsapp: &Server,
    said: &[Vec<Said>],
) -> (Vec<Finding>, Counts) {
    let (mut findings, mut counts) = (two_at_once(whatsapp), Counts::default());
    let asked_again = asked_again(whatsapp);
    for (number, (tenant, said)) in world.tenants.iter().zip(said).enumerate() {
        let mut find = |found: Finding| {
            findings.push(Finding::new(found.kind, format!("tenant {number}: {}", found.what)));
        };
        still_linked(whatsapp, tenant).into_iter().for_each(&mut find);
        let host = match its_host(root, &tenant.id) {
            Ok(host) => host,
            Err(why) => {
                find(Finding::new(Kind::Misplaced, why));
                continue;
            }
        };
        let paths = Paths::on(root, &root.join(host), &tenant.id);
        let plan = spoken(said);
        let seen = Seen {
            whatsapp,
            bot: &tenant.number,
            said,
            typed: &[],
            asked_again: &asked_again,
            fate: &Fate::default(),
            plan: &plan,
        };
        let (found, counted) = of_messages(&paths, &seen);
        found.into_iter().for_each(&mut find);
        counts += counted;
    }
    findings.extend(undecryptable(whatsapp));
    findings.extend(panics(root));
    (findings, counts)
}

/// What was said to one tenant, as a plan of the driver without hosts.
fn spoken(said: &[Said]) -> Plan {
    let text = |said: &Said| said.sending.words().unwrap_or_default().to_owned();
    let says = said.iter().map(|said| Step::Say { who: said.who, text: text(said), named: Named::Number });
    let ended = Step::Kill { worker: true, control: true };
    Plan { steps: says.chain([ended]).collect(), ..Plan::default() }
}

/// Devices that logged in while an earlier connection of theirs was open.
fn two_at_once(whatsapp: &Server) -> Vec<Finding> {
    let mut open: BTreeMap<(String, u16), usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for event in whatsapp.events().since(0) {
        match &event.kind {
            EventKind::LoggedIn { number, device, .. } => {
                let open = open.entry((number.clone(), *device)).or_default();
                if *open > 0 {
                    let what = format!("{number} logged in at {} beside itself", event.at_ms);
                    findings.push(Finding::new(Kind::TwoAtOnce, what));
                }
                *open += 1;
            }
            EventKind::Disconnected { number, device, .. } => {
                let open = open.entry((number.clone(), *device)).or_default();
                *open = open.saturating_sub(1);
            }
            _ => {}
        }
    }
    findings
}

/// The tenant's phone has the device that it had.
fn still_linked(whatsapp: &Server, tenant: &Bot) -> Option<Finding> {
    let devices = whatsapp.find_phone(&tenant.number).map(|phone| phone.linked_devices().len());
    let linked = whatsapp.device(&tenant.number, 1).is_ok_and(|device| device.is_linked());
    let same = linked && devices.is_ok_and(|devices| devices == 1);
    (!same).then(|| Finding::new(Kind::Misplaced, "its phone has another device, or none"))
}

/// The host that is the tenant's place, where its cell is on that and nowhere else.
fn its_host(root: &Path, tenant: &str) -> Result<String, String> {
    let words = |error: rusqlite::Error| error.to_string();
    let control = Connection::open(root.join("data/flowhq.db")).map_err(words)?;
    let sql = "SELECT coalesce(host, ''), step FROM places WHERE tenant_id = ?1";
    let place = control.query_row(sql, [tenant], |row| Ok((row.get(0)?, row.get(1)?)));
    let (host, step): (String, String) = place.map_err(words)?;
    let folders = (0..HOSTS).map(name).map(|name| (name.clone(), root.join(name)));
    let here = std::iter::once(("this machine".to_owned(), root.to_owned()));
    let has = |(_, folder): &(String, PathBuf)| folder.join("data/sessions").join(tenant).exists();
    let on: Vec<String> = folders.chain(here).filter(has).map(|(name, _)| name).collect();
    // While it is under way that it did not end was found already.
    if step == "STAYS" && on != [host.clone()] {
        return Err(format!("its place is {host:?}, and its cell is on {on:?}"));
    }
    Ok(host)
}

/// What processes said before they died of themselves.
fn panics(root: &Path) -> Vec<Finding> {
    let folders = std::iter::once(root.to_owned()).chain((0..HOSTS).map(|host| root.join(name(host))));
    let logs = folders.flat_map(|folder| [folder.clone(), folder.join("data/logs")]);
    let files = logs.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let files: BTreeSet<PathBuf> = files.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    let texts = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "log"));
    let mut findings = Vec::new();
    for text in texts.filter_map(|path| std::fs::read(path).ok()) {
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines = text.lines().filter(|line| line.contains("panicked at"));
        findings.extend(lines.map(|line| Finding::new(Kind::Broke, line)));
    }
    findings
}
