//! The page of one tenant.

crate::catalogue::catalogue! { "tenant";
    suspended =
        "This tenant is suspended: each customer is told once, politely, and nobody is answered."
        | "Biashara hii imesitishwa: kila mteja anaarifiwa mara moja kwa upole, na hakuna anayejibiwa.";
    owner_reads(reason) = "The owner reads: “{reason}”" | "Mmiliki anasoma: “{reason}”";
    lift = "Lift suspension" | "Ondoa usitishaji";
    suspend_say =
        "Suspend the tenant: the bot answers nobody until you lift it."
        | "Sitisha biashara: bot haitajibu mtu hadi uondoe usitishaji.";
    suspend_ask(name) = "Suspend {name}?" | "Usitishe {name}?";
    why = "Why? The owner reads it." | "Kwa nini? Mmiliki ataisoma.";
    suspend = "Suspend" | "Sitisha";
    conversations = "Conversations" | "Mazungumzo";
    search_conversations = "Search in conversations" | "Tafuta kwenye mazungumzo";
    search_messages = "Search in messages" | "Tafuta kwenye ujumbe";
    from = "From" | "Kuanzia";
    until = "until" | "hadi";
    configuration = "Configuration" | "Mipangilio";
    not_saved = "Not saved" | "Haijahifadhiwa";
    hours = "Opening hours" | "Saa za kazi";
    hours_hint =
        "Times like 09:00-13:00, 14:00-18:00; empty where closed. All empty: no hours are told."
        | "Saa kama 09:00-13:00, 14:00-18:00; acha wazi siku ya kufunga. Zote zikiwa wazi, saa hazitajwi.";
    breaks_hint =
        "When it is closed in between, like 13:00-14:00."
        | "Mnapofunga katikati ya siku, kama 13:00-14:00.";
    save = "Save configuration" | "Hifadhi mipangilio";
    changes = "Latest changes" | "Mabadiliko ya karibuni";
    all_changes = "All changes of this tenant" | "Mabadiliko yote ya biashara hii";
    danger = "Suspend, unlink or delete" | "Sitisha, tenganisha au futa";
    unlink_say =
        "Take this bot off the phone's list of linked devices."
        | "Ondoa bot hii kwenye orodha ya vifaa vilivyounganishwa na simu.";
    unlink = "Unlink device" | "Tenganisha kifaa";
    unlink_ask = "Unlink the device?" | "Utenganishe kifaa?";
    unlink_warn =
        "The bot stops answering. To go on, somebody has to scan a code with the phone again."
        | "Bot itaacha kujibu. Ili iendelee, mtu ataskani tena msimbo kwa simu.";
    delete_say =
        "Delete the tenant with its conversations and keys, for good."
        | "Futa biashara pamoja na mazungumzo na funguo zake, moja kwa moja.";
    delete = "Delete tenant" | "Futa biashara";
    delete_ask(name) = "Delete {name}?" | "Ufute {name}?";
    delete_warn =
        "The bot ends, and its conversations, configuration and keys are gone for good."
        | "Bot itazimwa, na mazungumzo, mipangilio na funguo zake zitapotea moja kwa moja.";
    delete_type = "To delete it, type" | "Ili kuifuta, andika";
    delete_wrong(name) =
        "Type \"{name}\" to delete this tenant; nothing was deleted."
        | "Andika \"{name}\" ili kufuta biashara hii; hakuna kilichofutwa.";
    number_confirmed = "The number is confirmed." | "Namba imethibitishwa.";
    saved = "Saved. The bot knows it at once." | "Imehifadhiwa. Bot inaijua papo hapo.";
    say_why(most) =
        "Say why in 1 to {most} characters; the owner reads it."
        | "Eleza sababu kwa herufi 1 hadi {most}; mmiliki ataisoma.";
    stale =
        "Somebody else has changed this tenant meanwhile. Nothing of yours was saved; look at what stands now, then save again."
        | "Mtu mwingine amebadilisha biashara hii wakati huu. Ulichoandika hakijahifadhiwa; angalia kilichopo sasa, kisha hifadhi tena.";
}
