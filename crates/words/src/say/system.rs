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
    setting = "Setting" | "Mpangilio";
    value = "Value" | "Thamani";
    not_set = "not set" | "haijawekwa";
    no_backups =
        "None was made yet: set BACKUP_EVERY_HOURS, or run flowhq backup"
        | "Hakuna iliyofanywa bado: weka BACKUP_EVERY_HOURS, au endesha flowhq backup";
    no_backup_made(why) = "No backup was made: {why}." | "Nakala ya akiba haikufanywa: {why}.";
    workers = "Workers" | "Injini";
    all_well =
        "No tenant is in ERROR, and no queue holds anything."
        | "Hakuna biashara yenye hitilafu, na hakuna foleni yenye kitu.";
    in_error = "is in ERROR" | "iko kwenye ERROR";
    busy(queued, unsent) =
        "has {queued} messages waiting and {unsent} replies on their way"
        | "ina ujumbe {queued} unaosubiri na majibu {unsent} yaliyo njiani";
    answers_in(name, ms) = "{name}, answers in {ms} ms" | "{name}, inajibu kwa ms {ms}";
    no_answer(name) = "{name}, does not answer" | "{name}, haijibu";
    free_of(free, total) = "{free} free of {total}" | "{free} wazi kati ya {total}";
    not_known = "not known" | "haijulikani";
    users = "Users of workers" | "Watumiaji wa injini";
    users_own(users) = "one for each tenant, of {users}" | "mmoja kwa kila biashara, kati ya {users}";
    users_one(why) = "all run as one: {why}" | "zote hutumia mmoja: {why}";
    disk_low = "The disk runs low" | "Nafasi ya diski inakaribia kuisha";
    disk_low_text =
        "Bots stop acknowledging messages when it is full. Make room beneath DATA_DIR."
        | "Ikijaa, bot zitaacha kupokea ujumbe. Ongeza nafasi chini ya DATA_DIR.";
}
