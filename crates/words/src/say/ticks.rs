//! How far messages of the business have come, and who wrote them.

crate::catalogue::catalogue! { "ticks";
    waiting = "Waiting to be sent" | "Unasubiri kutumwa";
    failed = "Not sent" | "Haukutumwa";
    sent = "Sent" | "Umetumwa";
    delivered = "Delivered" | "Umefika";
    read = "Read" | "Umesomwa";
    played = "Listened to" | "Umesikilizwa";
    failed_because(why) = "Not sent: {why}" | "Haukutumwa: {why}";
    refused(code) = "WhatsApp refused it (code {code})" | "WhatsApp imeukataa (namba {code})";
    unanswered = "WhatsApp did not take it within a day" | "WhatsApp haikuupokea ndani ya siku moja";
    restored =
        "it waited while the bot was put back from a backup"
        | "ulikuwa ukisubiri bot iliporudishwa kutoka nakala ya akiba";
    bot = "Bot" | "Bot";
    person = "A person" | "Mhudumu";
    phone = "Owner's phone" | "Simu ya mmiliki";
}
