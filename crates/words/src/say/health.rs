//! How a bot does: a word and a sentence for each state.

crate::catalogue::catalogue! { "health";
    suspended_why(reason) =
        "An operator has suspended this bot: {reason}. It answers nobody."
        | "Msimamizi amesitisha bot hii: {reason}. Haijibu mtu yeyote.";
    erasures_waiting(count) =
        "Customers to be forgotten: {count}. The worker's next start does it before it connects."
        | "Wateja ambao data zao zitafutwa: {count}. Injini itazifuta ikianza tena, kabla ya kuunganika.";
    phone_removed = "Phone removed" | "Simu imeondoa kifaa";
    phone_removed_say =
        "The phone has removed this device. Link it again: a new code appears, which the phone scans."
        | "Simu imeondoa kifaa hiki. Unganisha tena: msimbo mpya utatokea, uskaniwe kwa simu.";
    link_again = "Link again" | "Unganisha tena";
    refused = "Refused" | "Imekataliwa";
    refused_say(why) =
        "WhatsApp no longer takes this session. Link the phone again. {why}"
        | "WhatsApp haikubali tena muunganiko huu. Unganisha simu tena. {why}";
    session_gone = "Session lost" | "Muunganiko umepotea";
    session_gone_say =
        "The keys of this session are gone or cannot be read. Link the phone again."
        | "Funguo za muunganiko huu zimepotea au hazisomeki. Unganisha simu tena.";
    limited = "Limited" | "Imewekewa kikomo";
    limited_until(until) =
        "Limited by WhatsApp until {until}. Nothing to do but wait."
        | "WhatsApp imeiwekea kikomo hadi {until}. Hakuna la kufanya ila kusubiri.";
    limited_say =
        "Limited by WhatsApp for a time. Nothing to do but wait."
        | "WhatsApp imeiwekea kikomo kwa muda. Hakuna la kufanya ila kusubiri.";
    unreachable = "No network" | "Hakuna mtandao";
    unreachable_say =
        "WhatsApp cannot be reached from this machine. Check its network and name resolution; the bot goes on trying."
        | "WhatsApp haifikiki kutoka kwenye mashine hii. Kagua mtandao na DNS yake; bot inaendelea kujaribu.";
    away_long = "Away" | "Haiko hewani";
    away_long_say(span) =
        "Linked, but away from WhatsApp for {span}. It goes on trying; look whether the phone is online, or restart it."
        | "Imeunganishwa, lakini haiko hewani WhatsApp kwa {span}. Inaendelea kujaribu; angalia kama simu iko mtandaoni, au ianzishe upya.";
    requested = "Owner asks" | "Mmiliki anaomba";
    requested_say =
        "The owner's setup request waits for you."
        | "Ombi la mmiliki linakusubiri.";
    look_at_request = "See the request" | "Tazama ombi";
    suspended_too =
        "It is suspended, too: it answers nobody until you lift that."
        | "Pia imesitishwa: haijibu mtu hadi uondoe usitishaji.";
    not_running = "The worker does not run" | "Injini haifanyi kazi";
    error = "Error" | "Hitilafu";
    stale_say(span) =
        "The worker has been silent for {span}. It is ended and started again by itself."
        | "Injini imekuwa kimya kwa {span}. Itazimwa na kuanzishwa upya yenyewe.";
    stale = "Stale" | "Iko kimya";
    held_say(number) =
        "The linked phone has the number +{number} and not the declared one. Confirm it, or unlink the device."
        | "Simu iliyounganishwa ina namba +{number}, si ile iliyoandikishwa. Ithibitishe, au tenganisha kifaa.";
    confirm_number = "Confirm number" | "Thibitisha namba";
    held = "Other number" | "Namba nyingine";
    new = "Not started" | "Haijaanza";
    new_say =
        "Start it, then link the phone with the code that appears."
        | "Ianzishe, kisha unganisha simu kwa msimbo utakaoonekana.";
    paused = "Paused" | "Imesimamishwa";
    paused_say =
        "An operator has stopped this bot. Customers get no answers."
        | "Msimamizi amesimamisha bot hii. Wateja hawapati majibu.";
    moved = "Moved" | "Imehamishwa";
    moved_say =
        "Its bot runs in another installation. Nothing of it runs here."
        | "Bot yake inafanya kazi kwenye mfumo mwingine. Hakuna chochote chake kinachofanya kazi hapa.";
    link_phone = "Link phone" | "Unganisha simu";
    scan = "Scan the code" | "Skani msimbo";
    scan_say =
        "Waiting for the phone: open WhatsApp, Linked devices, and scan the code."
        | "Inasubiri simu: fungua WhatsApp, Vifaa vilivyounganishwa, kisha skani msimbo.";
    pending = "Waiting for a code" | "Inasubiri msimbo";
    pending_say =
        "The worker runs and gets a code from WhatsApp."
        | "Injini inafanya kazi na inapata msimbo kutoka WhatsApp.";
    answering_say(span) =
        "Linked and answering customers. Last message {span} ago."
        | "Imeunganishwa na inajibu wateja. Ujumbe wa mwisho: {span} nyuma.";
    stopping = "Stopping" | "Inasimama";
    stopping_say = "The worker is being stopped." | "Injini inasimamishwa.";
    away_for(span) =
        "Linked, but away from WhatsApp for {span}. It connects again by itself."
        | "Imeunganishwa, lakini haiko hewani WhatsApp kwa {span}. Itaunganika tena yenyewe.";
    suspended = "Suspended" | "Imesitishwa";
    suspended_say =
        "An operator has suspended this bot. It answers nobody."
        | "Msimamizi amesitisha bot hii. Haijibu mtu yeyote.";
    answering = "Answering" | "Inajibu";
    answering_first =
        "Linked and answering customers. No message yet."
        | "Imeunganishwa na inajibu wateja. Bado hakuna ujumbe.";
    reconnecting = "Reconnecting" | "Inaunganika tena";
    away =
        "Linked, but away from WhatsApp. It connects again by itself."
        | "Imeunganishwa, lakini haiko hewani WhatsApp. Itaunganika tena yenyewe.";
    type_code = "Type the code" | "Andika msimbo";
    type_code_say =
        "Waiting for the phone: type the code there."
        | "Inasubiri simu: andika msimbo kwenye simu.";
    labels(status, session, worker) =
        "{status} · {session} · worker {worker}"
        | "{status} · {session} · injini {worker}";
    now = "What is happening" | "Kinachoendelea";
    strip_none = "Last 24 hours: not meant to run" | "Saa 24 zilizopita: haikutakiwa kufanya kazi";
    strip(percent) =
        "Last 24 hours: answering {percent} % of the time it was meant to"
        | "Saa 24 zilizopita: imejibu asilimia {percent} ya muda uliotakiwa";
}
