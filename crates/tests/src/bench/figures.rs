//! Each figure of the record: what it says, in which unit, on which table it stands.

/// A figure's meaning.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    /// Its name in the record.
    pub name: &'static str,
    /// What it says.
    pub title: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The table on which it stands.
    pub table: Table,
}

/// A table of `docs/benchmarks.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter)]
pub enum Table {
    /// Memory of everything.
    Memory,
    /// Memory of parts of Flow HQ.
    Parts,
    /// From a message to its reply.
    Reply,
    /// How much goes.
    Rate,
    /// From nothing to there.
    Start,
    /// While nobody writes.
    Idle,
    /// What a message takes of the kernel and the disk.
    Message,
    /// Pages of the dashboard.
    Pages,
}

impl Table {
    /// Its heading and what is to be known about all of it.
    #[must_use]
    pub const fn head(self) -> (&'static str, &'static str) {
        match self {
            Self::Memory => (
                "Memory",
                "Of the whole service, all its processes: PSS is what is private and a fair share of what is shared. Linked \
                 sessions after a restart, each having answered one message, then silence. Kernel memory stands beside it, in no sum.",
            ),
            Self::Parts => ("Memory of Flow HQ by part", "As above."),
            Self::Reply => (
                "Reply",
                "From the moment at which a customer's message is handed to the virtual WhatsApp to the moment at which the \
                 customer's phone there has decrypted the reply, within the harness; over the HTTP API the message goes in by a request and \
                 the reply is awaited on the stream of events, as a program of any language would. One by one: over all sessions in turn, the next message when \
                 the last is answered. At a rate: messages come in even steps whether replies come or not, over 64 chats or as many \
                 as there are sessions; each delay counts from when its message was due.",
            ),
            Self::Rate => (
                "Highest rate",
                "32 chats at once, each of which writes again when it is answered. The harness, with the virtual WhatsApp and the \
                 customers' encryption, runs on the same cores: its share is shown.",
            ),
            Self::Start => (
                "Start",
                "A restart: everything is killed (the bots of others are ended in order), one message waits for each session, \
                 everything is started again; until all sessions are logged in, and until all messages are answered. A takeover: \
                 the control plane is killed while bots run, each gets a message and answers it, another control plane is \
                 started; until all of it is on record there. The other bots have no such part.",
            ),
            Self::Idle => (
                "Idle",
                "Linked sessions to which nobody writes. Wake-ups are voluntary context switches of all threads.",
            ),
            Self::Message => (
                "What a message takes",
                "A message and its reply, one after the other: bytes by /proc/PID/io, calls by strace over 100 messages.",
            ),
            Self::Pages => {
                ("Dashboard", "Answers of the admin API of Flow HQ, one after the other, over its socket.")
            }
        }
    }
}

/// All of them, in the order of the page.
pub const ALL: &[Meaning] = &[
    of("idle_pss", "memory (PSS)", "MiB", Table::Memory),
    of("idle_private", "of it private", "MiB", Table::Memory),
    of("talked_pss", "memory (PSS) after messages", "MiB", Table::Memory),
    of("code_pss_each", "memory (PSS) of a session at its QR code", "MiB", Table::Memory),
    of("idle_page_tables", "page tables", "MiB", Table::Memory),
    of("idle_stacks", "stacks within the kernel", "MiB", Table::Memory),
    of("idle_sockets", "sockets", "", Table::Memory),
    of("idle_threads", "threads", "", Table::Memory),
    of("machine_used", "memory that the machine has less", "MiB", Table::Memory),
    of("idle_pss_control", "control plane (PSS)", "MiB", Table::Parts),
    of("idle_pss_zygote", "process from which bots are forked (PSS)", "MiB", Table::Parts),
    of("idle_pss_bots", "bots (PSS)", "MiB", Table::Parts),
    of("idle_private_bots", "bots, private", "MiB", Table::Parts),
    of("reply_median", "one by one, median", "ms", Table::Reply),
    of("reply_p99", "one by one, p99", "ms", Table::Reply),
    of("reply_http_median", "one by one over the HTTP API, median", "ms", Table::Reply),
    of("reply_http_p99", "one by one over the HTTP API, p99", "ms", Table::Reply),
    of("half_median", "at 50 % of its highest rate, median", "ms", Table::Reply),
    of("half_p99", "at 50 % of its highest rate, p99", "ms", Table::Reply),
    of("half_lost", "at 50 %: not answered", "", Table::Reply),
    of("most_median", "at 90 % of its highest rate, median", "ms", Table::Reply),
    of("most_p99", "at 90 % of its highest rate, p99", "ms", Table::Reply),
    of("most_lost", "at 90 %: not answered", "", Table::Reply),
    of("highest_rate", "messages answered", "a second", Table::Rate),
    of("highest_cores", "cores that the service takes", "", Table::Rate),
    of("highest_cores_harness", "cores that the harness takes", "", Table::Rate),
    of("code_median", "new session to QR code, median", "ms", Table::Start),
    of("code_p99", "new session to QR code, p99", "ms", Table::Start),
    of("link_median", "code scanned to reachable, median", "ms", Table::Start),
    of("link_p99", "code scanned to reachable, p99", "ms", Table::Start),
    of("start_median", "linked session started to logged in, median", "ms", Table::Start),
    of("start_most", "linked session started to logged in, most", "ms", Table::Start),
    of("reboot_logged_in", "restart to all logged in", "s", Table::Start),
    of("reboot_answered", "restart to all answered", "s", Table::Start),
    of("takeover", "takeover of all running bots", "s", Table::Start),
    of("idle_cpu", "processor, all", "% of a core", Table::Idle),
    of("idle_wakes", "wake-ups, all", "a second", Table::Idle),
    of("idle_bot_cpu", "processor, a bot", "% of a core", Table::Idle),
    of("idle_bot_wakes", "wake-ups, a bot", "a second", Table::Idle),
    of("calls", "calls of the kernel", "", Table::Message),
    of("syncs", "syncs", "", Table::Message),
    of("written_to_disk", "bytes to the disk", "", Table::Message),
    of("written", "bytes to whatever", "", Table::Message),
    of("page_tenants_median", "tenants page, 1,000 tenants, median", "ms", Table::Pages),
    of("page_tenants_p99", "tenants page, 1,000 tenants, p99", "ms", Table::Pages),
    of("page_log_median", "first page of a log of 10,000,000 rows, median", "ms", Table::Pages),
    of("page_log_p99", "first page of a log of 10,000,000 rows, p99", "ms", Table::Pages),
    of("page_log_later_median", "page 1,000 of it by its key, median", "ms", Table::Pages),
    of("page_log_later_p99", "page 1,000 of it by its key, p99", "ms", Table::Pages),
];

const fn of(name: &'static str, title: &'static str, unit: &'static str, table: Table) -> Meaning {
    Meaning { name, title, unit, table }
}
