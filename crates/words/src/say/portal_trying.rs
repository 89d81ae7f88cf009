//! Trying the own bot.

crate::catalogue::catalogue! { "portal_trying";
    title = "Try your bot" | "Jaribu bot yako";
    intro =
        "Write as a customer would. Nobody else sees it, and no phone is needed."
        | "Andika kama mteja angeandika. Hakuna mwingine anayeona, na huhitaji simu.";
    to_bot = "Change what it says" | "Badilisha inachosema";
    ideas = "Ideas" | "Mawazo";
    idea_price = "How much is it?" | "Bei gani?";
    idea_book = "I want to come tomorrow at ten" | "Nataka kuja kesho saa nne asubuhi";
    idea_where = "Where are you?" | "Mko wapi?";
    idea_person = "I want to talk to a person" | "Nataka kuongea na mtu";
}
