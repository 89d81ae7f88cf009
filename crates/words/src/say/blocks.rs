//! The building blocks of pages.

crate::catalogue::catalogue! { "blocks";
    pages = "Pages" | "Kurasa";
    first_page = "First page" | "Ukurasa wa kwanza";
    next_page = "Next page" | "Ukurasa unaofuata";
    close_notice = "Close this notice" | "Funga taarifa hii";
    optional = "(optional)" | "(si lazima)";
    bot_said = "Bot:" | "Bot:";
    customer_said = "Customer:" | "Mteja:";
    in_chat = "Show in its chat" | "Onyesha kwenye mazungumzo";
    no_reply(reason) = "No reply: {reason}" | "Haikujibiwa: {reason}";
    start_page = "To the start page" | "Nenda mwanzo";
    request = "request id" | "kitambulisho cha ombi";
}
