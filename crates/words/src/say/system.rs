//! The page of the control plane itself.

crate::catalogue::catalogue! { "system";
    api = "API reference" | "Maelezo ya API";
    usage(month) = "Messages of {month} as CSV" | "Ujumbe wa {month} kama CSV";
    machine = "This machine" | "Mashine hii";
    database = "Database" | "Hifadhidata";
    disk = "Disk" | "Diski";
    memory = "Memory of the control plane" | "Memori ya mfumo mkuu";
    worker_memory = "Memory of all workers" | "Memori ya injini zote";
    backups = "Backups" | "Nakala za akiba";
    queues = "Queues" | "Foleni";
    queued = "Messages without an answer yet" | "Ujumbe ambao haujajibiwa bado";
    unsent = "Replies on their way" | "Majibu yaliyo njiani";
    unlogged = "Log rows still with workers" | "Mistari ya rekodi iliyo bado kwenye injini";
    tenants_workers = "Tenants and workers" | "Biashara na injini";
    need = "Need a hand" | "Zinahitaji msaada";
    settings = "Settings in force" | "Mipangilio inayotumika";
    not_set = "not set" | "haijawekwa";
    no_backups =
        "None was made yet: set BACKUP_EVERY_HOURS, or run flowhq backup"
        | "Hakuna iliyofanywa bado: weka BACKUP_EVERY_HOURS, au endesha flowhq backup";
    no_backup_made(why) = "No backup was made: {why}." | "Nakala ya akiba haikufanywa: {why}.";
    workers = "Workers" | "Injini";
    all_well =
        "Nothing: no tenant needs a person, and no queue holds anything."
        | "Hakuna: hakuna biashara inayomhitaji mtu, na hakuna foleni yenye kitu.";
    all_that_need = "All tenants that need you" | "Biashara zote zinazokuhitaji";
    alerts_on(ways) = "Alerts are on: {ways}" | "Tahadhari zimewashwa: {ways}";
    alerts_off =
        "Alerts are off: nobody is told when something is wrong"
        | "Tahadhari zimezimwa: hakuna anayeambiwa tatizo likitokea";
    alert_arrived(ago) = "The last one arrived {ago} ago." | "Ya mwisho ilifika {ago} zilizopita.";
    no_alert_arrived =
        "None has arrived yet: send a test below to know that one would."
        | "Bado hakuna iliyofika: tuma jaribio hapa chini ujue kama itafika.";
    traffic = "Messages and replies" | "Ujumbe na majibu";
    received = "Messages" | "Ujumbe";
    sent = "Replies" | "Majibu";
    chart_day = "Last 24 hours" | "Saa 24 zilizopita";
    chart_month = "Last 30 days" | "Siku 30 zilizopita";
    chart_replies = "Time to a reply, the middle of each hour" | "Muda hadi jibu, la kati kwa kila saa";
    counted(when, received, sent) =
        "{when}: messages {received}, replies {sent}"
        | "{when}: ujumbe {received}, majibu {sent}";
    counted_in_all(received, sent) =
        "In all: messages {received}, replies {sent}"
        | "Jumla ya ujumbe {received} na majibu {sent}";
    seconds(n) = "{n} s" | "sek {n}";
    answered_within(when, span) = "{when}: half within {span}" | "{when}: nusu ndani ya {span}";
    nobody_answered(when) = "{when}: nobody was answered" | "{when}: hakuna aliyejibiwa";
    nobody_answered_all = "Nobody was answered" | "Hakuna aliyejibiwa";
    slowest(span) =
        "In the slowest hour half of the replies came within {span}"
        | "Katika saa ya polepole zaidi nusu ya majibu yalifika ndani ya {span}";
    not_counted =
        "There are more messages than could be counted in time."
        | "Ujumbe ni mwingi kuliko uliowezekana kuhesabiwa kwa wakati.";
    none_changed = "All as they are by default." | "Yote ni ya chaguo-msingi.";
    those_changed = "Changed from the default:" | "Iliyobadilishwa kutoka chaguo-msingi:";
    by_default(count) = "{count} as they are by default" | "{count} ni ya chaguo-msingi";
    waiting[queued] = "1 message waits" | "{queued} messages wait" | "ujumbe 1 unasubiri" | "ujumbe {queued} unasubiri";
    on_their_way[unsent] = "1 reply is on its way" | "{unsent} replies are on their way" | "jibu 1 liko njiani" | "majibu {unsent} yako njiani";
    answers_in(name, ms) = "{name}, answers in {ms} ms" | "{name}, inajibu kwa ms {ms}";
    no_answer(name) = "{name}, does not answer" | "{name}, haijibu";
    free_of(free, total) = "{free} free of {total}" | "{free} wazi kati ya {total}";
    not_known = "not known" | "haijulikani";
    users = "Users of workers" | "Watumiaji wa injini";
    users_own(users) = "one for each tenant, of {users}" | "mmoja kwa kila biashara, kati ya {users}";
    users_one(why) = "all run as one: {why}" | "zote hutumia mmoja: {why}";
    processor = "Processor" | "Kichakataji";
    throttled(share) = "a bot that takes it from the others gets {share} of a core" | "bot inayozinyima nyingine hupata {share} ya kiini kimoja";
    not_throttled(why) = "a bot can take it from the others: {why}" | "bot moja inaweza kuzinyima nyingine: {why}";
    database_unwritable = "The database takes no changes" | "Hifadhidata haipokei mabadiliko";
    disk_low = "The disk runs low" | "Nafasi ya diski inakaribia kuisha";
    disk_low_text =
        "Bots stop acknowledging messages when it is full. Make room beneath DATA_DIR."
        | "Ikijaa, bot zitaacha kupokea ujumbe. Ongeza nafasi chini ya DATA_DIR.";
}
