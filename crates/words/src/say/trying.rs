//! The page on which a bot is tried before any phone is linked.

crate::catalogue::catalogue! { "trying";
    title(name) = "Try the bot: {name}" | "Jaribu bot: {name}";
    open = "Try this bot" | "Jaribu bot hii";
    intro =
        "Write as a customer would. Nothing is sent, kept or logged, and it needs no phone."
        | "Andika kama mteja angeandika. Hakuna kinachotumwa, kuhifadhiwa wala kuandikwa, na hakuna simu inayohitajika.";
    chat = "Conversation" | "Mazungumzo";
    say = "Message" | "Ujumbe";
    send = "Send" | "Tuma";
    wait = "Let an hour pass" | "Pitisha saa moja";
    wait_day = "Let a day pass" | "Pitisha siku moja";
    again = "Begin anew" | "Anza upya";
    silent = "The bot keeps quiet." | "Bot inakaa kimya.";
    passed(time) = "It is {time} now." | "Sasa ni {time}.";
    none = "Nothing said yet" | "Bado hakuna kilichosemwa";
    none_text = "Say hello, or ask for a price." | "Salimia, au uliza bei.";
    too_long(most) = "`text` has at most {most} bytes." | "`text` isizidi baiti {most}.";
    nothing = "`text` is empty: write what a customer would." | "`text` ni tupu: andika ambacho mteja angeandika.";
    wait_range(most) = "`wait_minutes` is a number from 1 to {most}." | "`wait_minutes` ni namba kuanzia 1 hadi {most}.";
    act(acts) = "`act` is one of {acts}." | "`act` ni mojawapo ya {acts}.";
    no_pack =
        "This installation does not have the pack of this tenant: the bot hands every customer to a person."
        | "Mfumo huu hauna seti ya majibu ya biashara hii: bot inamkabidhi kila mteja kwa mhudumu.";
}
