//! Conversations, as the owner's portal shows them.

crate::catalogue::catalogue! { "portal_messages";
    search = "Search" | "Tafuta";
    search_hint = "A name, a number or words" | "Jina, namba au maneno";
    found_none = "Nothing was found" | "Hakuna kilichopatikana";
    found_none_text =
        "No conversation has these words. Try fewer of them."
        | "Hakuna mazungumzo yenye maneno haya. Jaribu maneno machache zaidi.";
    all = "All conversations" | "Mazungumzo yote";
    none = "No messages yet" | "Bado hakuna ujumbe";
    none_text =
        "As soon as a customer writes to you, the conversation is here."
        | "Mteja akikuandikia tu, mazungumzo yake yatakuwa hapa.";
    try_it = "Try your bot meanwhile" | "Jaribu bot yako kwanza";
    waiting[count] =
        "1 customer waits for you" | "{count} customers wait for you"
        | "Mteja 1 anakusubiri" | "Wateja {count} wanakusubiri";
    waits = "Waits for you" | "Anakusubiri";
    you_answer = "You answer" | "Unajibu wewe";
    left_alone = "Bot keeps out" | "Bot haijibu";
    opted_out = "Wants no messages" | "Hataki ujumbe";
    older = "Older conversations" | "Mazungumzo ya zamani";
    choose = "Choose a conversation" | "Chagua mazungumzo";
    choose_text = "What was said will be here." | "Yaliyosemwa yatakuwa hapa.";
    earlier = "Earlier messages" | "Ujumbe wa awali";
    newest = "Newest messages" | "Ujumbe mpya zaidi";
    download = "Download all (CSV)" | "Pakua yote (CSV)";
    back = "All conversations" | "Mazungumzo yote";
    with(name) = "Conversation with {name}" | "Mazungumzo na {name}";
    customer = "About this customer" | "Kuhusu mteja huyu";
    call = "Call" | "Piga simu";
    bot_answers = "The bot answers here." | "Bot inajibu hapa.";
    waits_says(why) = "Waits for you: {why}." | "Anakusubiri: {why}.";
    you_answer_until(time) =
        "You answer here; the bot keeps quiet until {time}."
        | "Hapa unajibu wewe; bot imenyamaza hadi {time}.";
    you_answer_here =
        "You answer here; the bot keeps quiet until you give the conversation back."
        | "Hapa unajibu wewe; bot imenyamaza hadi utakapoirudishia mazungumzo.";
    left_alone_says =
        "The bot never answers this person, as you have said."
        | "Bot haimjibu mtu huyu kamwe, kama ulivyosema.";
    opted_out_says =
        "This customer has asked not to be written to. The bot sends no reminders here."
        | "Mteja huyu ameomba asiandikiwe. Bot haimtumii vikumbusho.";
    take_over = "Answer myself" | "Nijibu mwenyewe";
    hand_back = "Give back to the bot" | "Rudisha kwa bot";
    leave_alone = "Bot keeps out of it" | "Bot isimjibu";
    answer_again = "Let the bot answer again" | "Bot imjibu tena";
    write = "Write to the customer" | "Mwandikie mteja";
    send = "Send" | "Tuma";
    empty = "Write something first, then send it." | "Andika kitu kwanza, kisha utume.";
    more = "More to do" | "Mengine ya kufanya";
    looking = "Only the business itself writes here." | "Biashara yenyewe tu ndiyo inayoandika hapa.";
}
