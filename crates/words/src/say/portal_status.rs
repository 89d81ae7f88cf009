//! Where the bot stands, for its owner: a sentence, and what to press.

crate::catalogue::catalogue! { "portal_status";
    title = "Your bot" | "Bot yako";
    answering = "Your bot answers customers" | "Bot yako inajibu wateja";
    answering_say(number) = "On {number}, day and night." | "Kwa {number}, usiku na mchana.";
    away = "Your bot has no line at the moment" | "Bot yako haina mtandao kwa sasa";
    away_say =
        "It connects again by itself and answers what came meanwhile. You need not do anything."
        | "Itaunganika tena yenyewe na kujibu ulioingia wakati huo. Huhitaji kufanya chochote.";
    submitted = "We have your request" | "Tumepokea ombi lako";
    submitted_say =
        "Somebody looks at it soon. You need not wait here: this page shows at once when you can link your phone."
        | "Litaangaliwa hivi karibuni. Huhitaji kusubiri hapa: ukurasa huu utaonyesha mara tu utakapoweza kuunganisha simu.";
    reviewing = "Somebody is looking at your request" | "Ombi lako linaangaliwa sasa";
    reviewing_say = "It will not be long. Meanwhile try what your bot will say." | "Haitachukua muda. Wakati huo jaribu bot yako itasema nini.";
    approved = "Approved. Link your phone now" | "Limekubaliwa. Unganisha simu yako sasa";
    approved_say(number) =
        "Have the phone with {number} at hand; it takes two minutes."
        | "Uwe na simu yenye {number} karibu; inachukua dakika mbili.";
    code_waits = "A code waits for your phone" | "Msimbo unasubiri simu yako";
    rejected = "Your request was not accepted yet" | "Ombi lako bado halijakubaliwa";
    rejected_say = "Read the note, change what is needed, and send it again." | "Soma maelezo, badilisha kinachohitajika, kisha utume tena.";
    paused = "Your bot is stopped" | "Bot yako imesimamishwa";
    paused_say =
        "It answers nobody now. Whoever offers you the bot has stopped it; ask there when it goes on."
        | "Kwa sasa haimjibu mtu. Anayekupa huduma ya bot ameisimamisha; muulize itaendelea lini.";
    error = "Your bot needs somebody" | "Bot yako inahitaji mtu";
    error_say =
        "Something went wrong, and whoever offers you the bot can see it. It answers nobody until it is mended."
        | "Kuna hitilafu, na anayekupa huduma ya bot anaiona. Haitamjibu mtu hadi irekebishwe.";
    removed = "Your phone removed the bot" | "Simu yako imeiondoa bot";
    removed_say =
        "It was taken off the list of linked devices, so that it answers nobody now. Link it again to go on."
        | "Imeondolewa kwenye vifaa vilivyounganishwa, hivyo kwa sasa haimjibu mtu. Iunganishe tena ili iendelee.";
    starting = "Your bot is starting" | "Bot yako inaanza";
    starting_say = "A code for your phone is there in a moment." | "Msimbo wa simu yako utakuwepo baada ya muda mfupi.";
    way = "The way to the first answer" | "Hatua hadi jibu la kwanza";
    step_submitted = "Request sent" | "Ombi limetumwa";
    step_review = "In review" | "Linaangaliwa";
    step_approved = "Approved" | "Limekubaliwa";
    step_linked = "Phone linked" | "Simu imeunganishwa";
    step_answering = "Answers customers" | "Inajibu wateja";
    done = "done" | "tayari";
    now = "now" | "sasa";
    later = "later" | "baadaye";
    you = "It is your turn" | "Ni zamu yako";
    them = "We are at it" | "Tunalifanyia kazi";
    note = "Note to you" | "Maelezo kwako";
    link = "Link the phone" | "Unganisha simu";
    link_again = "Link it again" | "Iunganishe tena";
    try_it = "Try your bot" | "Jaribu bot yako";
    see_messages = "See the messages" | "Ona ujumbe";
    send_again = "Change and send again" | "Badilisha na utume tena";
    facts = "Your request" | "Ombi lako";
    pack = "What it does" | "Inachofanya";
    number = "Number" | "Namba";
    sent_at = "Sent" | "Limetumwa";
    decided_at = "Decided" | "Limeamuliwa";
    phone_and_link = "Phone and link" | "Simu na muunganisho";
}
