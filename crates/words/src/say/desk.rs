//! What the desk of a business says to those who work there.

crate::catalogue::catalogue! { "desk";
    no_customer =
        "No customer with this number has written to the business."
        | "Hakuna mteja mwenye namba hii aliyeiandikia biashara.";
    ask_first =
        "Send a request for your bot first."
        | "Tuma kwanza ombi la bot yako.";
    not_approved =
        "Your request is not approved yet. The code comes once the operator has approved it."
        | "Ombi lako bado halijakubaliwa. Msimbo utapatikana msimamizi akishalikubali.";
    suspended =
        "The operator has suspended your bot, so that it answers nobody. Write to the operator."
        | "Msimamizi amesitisha bot yako, hivyo haijibu mtu yeyote. Wasiliana na msimamizi.";
    suspended_why(reason) =
        "The operator has suspended your bot: {reason}"
        | "Msimamizi amesitisha bot yako: {reason}";
    held(number) =
        "The phone that was linked has the number +{number} and not the one that you gave. Unlink it and link the right phone, or ask the operator to confirm this number."
        | "Simu iliyounganishwa ina namba +{number}, si ile uliyoandika. Itenganishe na uunganishe simu sahihi, au mwombe msimamizi athibitishe namba hii.";
    logged_out =
        "Your phone has removed the bot from its linked devices, so that it answers nobody. Link it again."
        | "Simu yako imeiondoa bot kwenye vifaa vilivyounganishwa, hivyo haijibu mtu yeyote. Iunganishe tena.";
    stopped =
        "Your bot is stopped. Start it, then link your phone."
        | "Bot yako imesimamishwa. Ianzishe, kisha unganisha simu yako.";
    failing =
        "Your bot has a fault. The operator has been told and mends it."
        | "Bot yako ina hitilafu. Msimamizi ameshajulishwa na anaishughulikia.";
    confirm_name(name) =
        "Type the name of the business as the bot says it: {name}."
        | "Andika jina la biashara kama bot inavyolitaja: {name}.";
    note_long(most, length) =
        "A note has at most {most} characters; this one has {length}."
        | "Maelezo yasizidi herufi {most}; haya yana {length}.";
    kind =
        "Choose bookings, orders, tickets or blocked hours: `kind` is BOOKING, ORDER, TICKET or BLOCK."
        | "Chagua miadi, oda, masuala au saa zilizozuiwa: `kind` ni BOOKING, ORDER, TICKET au BLOCK.";
    no_number_to_leave =
        "WhatsApp hides the number of this customer, so that the bot cannot be told to leave it alone."
        | "WhatsApp imeficha namba ya mteja huyu, hivyo bot haiwezi kuambiwa imwache.";
    silent_held = "the bot may not answer" | "bot hairuhusiwi kujibu";
    silent_loop = "another bot wrote" | "bot nyingine iliandika";
    silent_many = "too many messages at once" | "ujumbe mwingi mno kwa wakati mmoja";
    silent_unreadable = "there was nothing that the bot can read" | "hakukuwa na kitu ambacho bot inaweza kusoma";
    silent_opted_out = "the customer does not want the bot" | "mteja hataki bot";
    silent_with_person = "a person has this chat" | "mtu anashughulikia mazungumzo haya";
    silent_nothing = "there was nothing to say" | "hakukuwa na cha kujibu";
    the_operator = "the operator" | "msimamizi";
    the_bot = "the bot" | "bot";
    somebody_gone = "a person who is gone" | "mtu ambaye hayupo tena";
    booking_does =
        "Takes bookings day and night, reminds customers, and shows you the day."
        | "Inapokea miadi usiku na mchana, inawakumbusha wateja, na inakuonyesha miadi ya siku.";
    shop_does =
        "Shows your goods with prices, takes orders and says what they cost."
        | "Inaonyesha bidhaa na bei, inapokea oda na kutaja gharama zake.";
    care_does =
        "Answers what customers often ask, and hands the rest to you as tickets."
        | "Inajibu maswali ya mara kwa mara ya wateja, na yaliyobaki inakuletea wewe kama masuala.";
    own_does(name) =
        "Answers with the pack {name} that the operator has made."
        | "Inajibu kwa seti {name} iliyotengenezwa na msimamizi.";
}
