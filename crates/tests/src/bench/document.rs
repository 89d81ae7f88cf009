//! `docs/benchmarks.md` and the table in README.md, made of the record, so that they cannot say what was not measured.

use std::fmt::Write as _;

use strum::IntoEnumIterator as _;

use super::{
    figures::{ALL, Meaning, Table},
    plot::PLOTS,
    service::Subject,
    sheet::Record,
    view::{View, number},
};

/// The page.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/benchmarks.md");
/// Where its plots are.
pub const PLOTS_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/bench");
/// The README.
pub const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
const BEGIN: &str = "<!-- benchmarks: made by scripts/bench --record -->\n";
const END: &str = "<!-- benchmarks end -->";

const HEAD: &str = "# Benchmarks
Made by `scripts/bench --record` from [records/bench.json](records/bench.json); do not edit. Every figure is there with its repetition, \
the load of the machine before it, and the cores that others took meanwhile.

";

const COMPARED: &str = "## What is compared, and what is not
All are asked the same by the same harness on the same machine, in alternating order: a session is linked by its QR code with a \
virtual WhatsApp, and each text is answered with one text. The links are plain TCP for everybody; WhatsApp's own encryption (Noise, \
Signal) is in all of them.

- **Flow HQ** is what ships, each tenant in a confined process of its own, with files sealed, messages and replies in a journal that is \
synced before the reply leaves, and a control plane that has all of it on record. Set otherwise than by default: the delays and limits that \
customers feel (`REPLY_QUIET_MS=0`, `RATE_LIMIT_MAX_PER_MINUTE`, `TENANT_PACE_PER_MINUTE`). Sessions are linked by the build with `virtual`, \
from which times to the QR code and to the link and memory at the code are; all else is of the build that ships.
- **whatsmeow** (Go, `crates/tests/peers/whatsmeow`): all sessions in one process, which dies as a whole, with its SQLite store. Its store \
has the fastest settings that its users write (WAL, `synchronous=NORMAL`: nothing is synced but at checkpoints); with its example's store \
it has those of the library's own example. It has no log, no pages, no confinement.
- **Baileys** (Node, `crates/tests/peers/baileys`): a process for each session, `useMultiFileAuthState` as in its example.
- **Journal**: the message and its answer are appended to a file and synced before the answer leaves. Nothing reads it again after a crash: \
whoever wants the promise of Flow HQ has more to do than this.

Not compared: TLS, media, groups, what a panel or a queue beside such a bot takes, engines other than the one named here (a PostgreSQL server's \
own processes are in no figure but that of what others took), memory after days, slow networks. Memory after messages is that after those one \
by one: the more sessions, the fewer for each. The peers stop where the machine or the day would end: Baileys, and whatsmeow with its \
example's store, at 50 sessions.

";

/// The page.
#[must_use]
pub fn page(record: &Record) -> String {
    let view = View(record);
    let mut page = HEAD.to_owned();
    page += &about(record);
    page += COMPARED;
    for plot in PLOTS {
        let _ = writeln!(page, "![{}](bench/{}.svg)\n", plot.title, plot.file);
    }
    for table in Table::iter() {
        page += &section(&view, table);
    }
    if !record.left_out.is_empty() {
        page += "## Left out\n";
        for why in &record.left_out {
            let _ = writeln!(page, "- {why}");
        }
    }
    page.trim_end().to_owned() + "\n"
}

/// When, where and of what.
fn about(record: &Record) -> String {
    let machine = &record.machine;
    let mut text = format!(
        "{} run on {}, commit `{}`, {} build, Flow HQ on {}. {}, {} cores, {} MiB of memory, Linux {}, files on {}.\n\n",
        record.mode,
        record.date,
        record.commit,
        record.profile,
        record.engine,
        machine.processor,
        machine.cores,
        number(machine.memory as f64),
        machine.kernel,
        machine.disk,
    );
    for line in &record.measured {
        let _ = writeln!(text, "- {line}");
    }
    text.push('\n');
    for doubt in record.doubts() {
        let _ = writeln!(text, "**Not to be believed: {doubt}.**\n");
    }
    text
}

fn section(view: &View<'_>, table: Table) -> String {
    let meanings: Vec<_> = ALL.iter().filter(|meaning| meaning.table == table).collect();
    let there = meanings.iter().any(|meaning| !view.sizes(meaning.name).is_empty());
    if !there {
        return String::new();
    }
    let (title, about) = table.head();
    let mut text = format!("## {title}\n{about} Medians, with the least and the most in brackets.\n\n");
    if table == Table::Memory {
        text += &slopes(view);
    }
    for meaning in meanings {
        text += &one(view, meaning);
    }
    text
}

/// One more session, which is what a fleet is paid by.
fn slopes(view: &View<'_>) -> String {
    let mut text = "**One more idle session** (slope of PSS from 10 sessions on)\n\n| | MiB | of it private | page tables | times Flow HQ |\n\
                    |---|---|---|---|---|\n"
        .to_owned();
    let own = view.slope(Subject::FlowHq, "idle_pss");
    let mut any = false;
    for subject in view.subjects() {
        let Some(slope) = view.slope(subject, "idle_pss") else { continue };
        any = true;
        let part = |what| view.slope(subject, what).map_or_else(|| "–".to_owned(), number);
        let ratio = own.filter(|own| *own > 0.0).map_or_else(|| "–".to_owned(), |own| number(slope / own));
        let (private, tables) = (part("idle_private"), part("idle_page_tables"));
        let _ =
            writeln!(text, "| {} | {} | {private} | {tables} | {ratio} |", subject.title(), number(slope));
    }
    if any { text + "\n" } else { String::new() }
}

/// A table of one figure: who, by sessions.
fn one(view: &View<'_>, meaning: &Meaning) -> String {
    let sizes = view.sizes(meaning.name);
    if sizes.is_empty() {
        return String::new();
    }
    let unit = if meaning.unit.is_empty() { String::new() } else { format!(", {}", meaning.unit) };
    let heads: String =
        sizes.iter().fold(String::new(), |all, size| all + &format!(" {} |", thousands(*size)));
    let lines = "---|".repeat(sizes.len() + 1);
    let mut text = format!("**{}{unit}**\n\n| sessions |{heads}\n|{lines}\n", meaning.title);
    for subject in view.subjects() {
        let cells: Vec<_> = sizes.iter().map(|size| view.cell(subject, meaning.name, *size)).collect();
        if cells.iter().any(|cell| cell != "–") {
            let _ = writeln!(text, "| {} | {} |", subject.title(), cells.join(" | "));
        }
    }
    text + "\n"
}

/// The table of README.md.
#[must_use]
pub fn summary(record: &Record) -> String {
    let view = View(record);
    let subjects = view.subjects();
    let mut text = format!(
        "{BEGIN}Made by `scripts/bench --record`; [docs/benchmarks.md](docs/benchmarks.md) has all of it, says what is compared and what is \
         not, and how each figure is taken; [docs/performance.md](docs/performance.md) says where memory and time go, and what is \
         missed. A {} run on {}, {} cores, {} build, {}.\n\n",
        record.mode, record.date, record.machine.cores, record.profile, record.engine
    );
    for doubt in record.doubts() {
        let _ = writeln!(text, "**Not to be believed: {doubt}.**\n");
    }
    let heads: Vec<_> = subjects.iter().map(|subject| subject.title()).collect();
    let _ = writeln!(text, "| | {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len() + 1));
    let slopes: Vec<_> = subjects
        .iter()
        .map(|subject| view.slope(*subject, "idle_pss").map_or_else(|| "–".to_owned(), number))
        .collect();
    let _ = writeln!(text, "| one more idle session, MiB | {} |", slopes.join(" | "));
    for (what, title) in [
        ("idle_pss", "idle, MiB"),
        ("reply_median", "message in to reply out, ms"),
        ("highest_rate", "messages answered a second"),
        ("reboot_answered", "restart to all answered, s"),
        ("calls", "calls of the kernel a message"),
        ("syncs", "syncs a message"),
    ] {
        for size in view.sizes(what).into_iter().filter(|size| [10, 50, 1_000].contains(size)) {
            let cells: Vec<_> = subjects.iter().map(|subject| view.middle(*subject, what, size)).collect();
            if cells.iter().flatten().count() < 2 && size != 1_000 {
                continue;
            }
            let cells: Vec<_> =
                cells.into_iter().map(|cell| cell.map_or_else(|| "–".to_owned(), number)).collect();
            let _ = writeln!(text, "| {title}, {} sessions | {} |", thousands(size), cells.join(" | "));
        }
    }
    text + END
}

/// README.md with the table of this record; unchanged where it has no place for one.
#[must_use]
pub fn readme(text: &str, record: &Record) -> String {
    let Some((before, rest)) = text.split_once(BEGIN) else { return text.to_owned() };
    let Some((_, after)) = rest.split_once(END) else { return text.to_owned() };
    format!("{before}{}{after}", summary(record))
}

fn thousands(size: usize) -> String {
    if size >= 1_000 { format!("{},{:03}", size / 1_000, size % 1_000) } else { size.to_string() }
}
