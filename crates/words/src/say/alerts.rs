//! What an operator is told of, by which way, and how that went.

crate::catalogue::catalogue! { "alerts";
    title = "Alerts" | "Tahadhari";
    ways = "Sent by" | "Njia za kutuma";
    email = "email" | "barua pepe";
    webhook = "webhook" | "webhook";
    ntfy = "ntfy" | "ntfy";
    no_way = "none is set up" | "hakuna iliyowekwa";
    none_set_up =
        "No way of alerting is set up: set SMTP_URL, ALERT_EMAIL_FROM and ALERT_EMAIL_TO, or ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET, or ALERT_NTFY_URL, and start again."
        | "Hakuna njia ya kutuma tahadhari: weka SMTP_URL, ALERT_EMAIL_FROM na ALERT_EMAIL_TO, au ALERT_WEBHOOK_URL na ALERT_WEBHOOK_SECRET, au ALERT_NTFY_URL, kisha anzisha upya.";
    send_test = "Send a test" | "Tuma jaribio";
    test_title = "A test of your alerts" | "Jaribio la tahadhari zako";
    test_detail =
        "You get alerts by this way. Nothing is wrong."
        | "Unapokea tahadhari kwa njia hii. Hakuna tatizo.";
    mark_raised = "Alert" | "Tahadhari";
    mark_cleared = "All clear" | "Imetatuliwa";
    mark_test = "Test" | "Jaribio";
    waits(name) = "{name}: a customer waits for a person" | "{name}: mteja anasubiri mhudumu";
    waits_urgent = "it is urgent" | "ni ya dharura";
    waits_not_helped = "the bot could not help" | "bot haikuweza kusaidia";
    waits_no_pack = "this installation does not have the bot's pack" | "mfumo huu hauna pakiti ya bot hii";
    waits_asked = "the customer asked for one" | "mteja ameomba";
    waits_detail(since, why) =
        "since {since}: {why}; the bot keeps quiet in that chat until it is handed back"
        | "tangu {since}: {why}; bot inakaa kimya kwenye mazungumzo hayo hadi yarudishwe kwake";
    backups = "Backups need a hand" | "Nakala za akiba zinahitaji msaada";
    backup_failed(at, why) =
        "The backup of {at} was not made: {why}. It is tried again every hour; flowhq backup tries it at once"
        | "Nakala ya akiba ya {at} haikufanywa: {why}. Inajaribiwa tena kila saa; flowhq backup inajaribu mara moja";
    backup_overdue(last) =
        "The last backup is of {last}, longer ago than BACKUP_EVERY_HOURS says: look into the log of the control plane, and try flowhq backup"
        | "Nakala ya akiba ya mwisho ni ya {last}, kabla ya muda wa BACKUP_EVERY_HOURS: tazama rekodi ya mfumo mkuu, kisha jaribu flowhq backup";
    backup_never =
        "No backup was made since BACKUP_EVERY_HOURS asks for them: look into the log of the control plane, and try flowhq backup"
        | "Hakuna nakala ya akiba iliyofanywa tangu BACKUP_EVERY_HOURS ilipowekwa: tazama rekodi ya mfumo mkuu, kisha jaribu flowhq backup";
    backup_not_given(at, why) =
        "BACKUP_COMMAND did not take the backup of {at}, which is in BACKUP_DIR: {why}. Run the command by hand to see why"
        | "BACKUP_COMMAND haikupokea nakala ya akiba ya {at}, iliyo ndani ya BACKUP_DIR: {why}. Endesha amri hiyo mwenyewe uone sababu";
    backup_lacks(at, what) =
        "The backup of {at} lacks something: {what}. All else is in it. See to those tenants, then flowhq backup makes another"
        | "Nakala ya akiba ya {at} imekosa kitu: {what}. Mengine yote yamo. Shughulikia biashara hizo, kisha flowhq backup inafanya nyingine";
    and_more(what, more) = "{what}; and {more} more" | "{what}; na mengine {more}";
    host_away(name) = "Host {name} does not answer" | "Mashine {name} haijibu";
    host_away_detail(tenants) =
        "Its {tenants} bots may go on, and nothing of them is started elsewhere. Look at the machine and its network first: it comes back by itself. Give it up only once you have seen that it is off."
        | "Huenda bot zake {tenants} zinaendelea, na hazianzishwi kwingine. Angalia kwanza mashine na mtandao wake: inarudi yenyewe. Iache tu ukishaona kuwa imezimwa.";
    disk_low = "The disk runs low" | "Nafasi ya diski inaisha";
    disk_low_detail(free) =
        "{free} MB are free beneath DATA_DIR; make room, or bots stop acknowledging messages"
        | "Zimebaki MB {free} ndani ya DATA_DIR; ongeza nafasi, la sivyo bot zitaacha kupokea ujumbe";
    host_disk_low(name) = "The disk of host {name} runs low" | "Nafasi ya diski ya mashine {name} inaisha";
    host_disk_low_detail(free) =
        "{free} MB are free on its volume; make room there, or its bots stop acknowledging messages"
        | "Zimebaki MB {free} kwenye diski yake; ongeza nafasi huko, la sivyo bot zake zitaacha kupokea ujumbe";
    guesses(whose) = "Somebody guesses at {whose}" | "Kuna anayebahatisha {whose}";
    the_account(account) = "the account {account}" | "akaunti {account}";
    nobodys_names = "names that nobody has" | "majina yasiyo ya mtu yeyote";
    guesses_detail(tries, since, what) =
        "{tries} tries since {since} ({what}); the audit log has where from"
        | "Amejaribu mara {tries} tangu {since} ({what}); kumbukumbu za ukaguzi zinaonyesha kutoka wapi";
    none_yet = "Nothing was sent yet." | "Bado hakuna kilichotumwa.";
    when = "When" | "Lini";
    way = "By" | "Njia";
    what = "What" | "Nini";
    result = "Result" | "Matokeo";
    cleared(title) = "All clear: {title}" | "Imetatuliwa: {title}";
    taken = "taken" | "imepokelewa";
    not_taken = "not taken" | "haijapokelewa";
    given_up = "given up" | "imeachwa";
    again(why, tries) =
        "{why}. Tries so far: {tries}; it is tried again."
        | "{why}. Imejaribiwa mara {tries}; itajaribiwa tena.";
    no_more(why, tries) = "{why}. Tries: {tries}." | "{why}. Imejaribiwa mara {tries}.";
    test_sent(way) = "The test by {way} was taken." | "Jaribio kwa {way} limepokelewa.";
    test_failed(way, why) =
        "The test by {way} was not taken: {why}"
        | "Jaribio kwa {way} halikupokelewa: {why}";
}
