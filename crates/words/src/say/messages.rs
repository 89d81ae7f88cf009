//! Conversations.

crate::catalogue::catalogue! { "messages";
    messages = "Messages" | "Ujumbe";
    older = "Older messages" | "Ujumbe wa zamani";
    newer = "Newer messages" | "Ujumbe mpya zaidi";
    newest = "To the newest messages" | "Nenda kwenye ujumbe mpya kabisa";
    place = "`at` is a message's place in the log, a number." | "`at` ni nafasi ya ujumbe kwenye rekodi, namba.";
    chats = "Chats" | "Mazungumzo";
    reply = "Reply by hand" | "Jibu mwenyewe";
    send = "Send" | "Tuma";
    none_found = "Nothing was found" | "Hakuna kilichopatikana";
    none_found_text =
        "No message holds this text in this time."
        | "Hakuna ujumbe wenye maneno haya katika muda huu.";
    none = "No messages yet" | "Bado hakuna ujumbe";
    none_text =
        "What customers write and what the bot answers will be here."
        | "Wanachoandika wateja na bot inachojibu kitaonekana hapa.";
    hidden(end) = "Hidden number …{end}" | "Namba iliyofichwa …{end}";
    day(field) = "`{field}` is a day like 2026-01-31." | "`{field}` ni tarehe kama 2026-01-31.";
    type_text(most) =
        "Type a message of at most {most} bytes."
        | "Andika ujumbe usiozidi baiti {most}.";
    never_wrote =
        "This contact has never written to the business; only who wrote first can be written to."
        | "Mtu huyu hajawahi kuiandikia biashara; unaweza kumwandikia tu aliyeandika kwanza.";
    handed_back = "The bot answers there again." | "Bot inajibu hapo tena.";
    taken_over = "The bot keeps quiet there." | "Bot imekaa kimya hapo.";
    hand_back = "Give back to the bot" | "Rudisha kwa bot";
    take_over = "Take over" | "Pokea mazungumzo";
    waiting[count] =
        "1 chat waits for a person" | "{count} chats wait for a person"
        | "Mazungumzo 1 yanasubiri mhudumu" | "Mazungumzo {count} yanasubiri mhudumu";
    asked = "asked for a person" | "ameomba mhudumu";
    urgent = "urgent" | "dharura";
    owner_wrote = "somebody wrote from the phone" | "mtu ameandika kutoka kwenye simu";
    not_understood = "the bot did not understand" | "bot haikuelewa";
    no_pack = "the bot has no pack" | "bot haina seti ya majibu";
    sent = "Sent." | "Imetumwa.";
    sent_at(at) = "sent {at}" | "umetumwa {at}";
    dated(at) =
        "dated {at}, which is yet to come: its clock is off"
        | "una tarehe {at}, ambayo bado haijafika: saa yake ina hitilafu";
    deleted = "deleted by its writer" | "umefutwa na aliyeuandika";
    corrected = "corrected below" | "umesahihishwa hapa chini";
    key_length = "An idempotency key has 1 to 128 characters." | "Ufunguo wa kutorudia una herufi 1 hadi 128.";
    key_used =
        "This key was used for another message; give each message its own."
        | "Ufunguo huu umetumika kwa ujumbe mwingine; kila ujumbe uwe na wake.";
}
