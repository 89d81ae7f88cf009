//! The frame of the owners' portal, and what is the same on all its pages.

crate::catalogue::catalogue! { "portal";
    home = "Home" | "Mwanzo";
    messages = "Messages" | "Ujumbe";
    customers = "Customers" | "Wateja";
    bookings = "Bookings" | "Miadi";
    orders = "Orders" | "Oda";
    bot = "Your bot" | "Bot yako";
    settings = "Settings" | "Mipangilio";
    more = "More" | "Zaidi";
    tabs = "Pages" | "Kurasa";
    theme = "Light or dark" | "Mwanga au giza";
    other_business = "Another business" | "Biashara nyingine";
    looking(operator) =
        "{operator} is looking at this page as its owner sees it. Nothing can be changed."
        | "{operator} anaangalia ukurasa huu kama mmiliki anavyouona. Hakuna kinachoweza kubadilishwa.";
    virtual_build =
        "For trying out: no real phone can be linked, and no real message is sent."
        | "Kwa majaribio: simu halisi haiwezi kuunganishwa, na hakuna ujumbe halisi unaotumwa.";
    offline =
        "The line is away. What you see may be old; it comes back by itself."
        | "Mtandao umekatika. Unachoona kinaweza kuwa cha zamani; utarudi wenyewe.";
    away =
        "We cannot be reached at the moment. Your bot goes on answering; try again in a minute."
        | "Kwa sasa hatupatikani. Bot yako inaendelea kujibu wateja; jaribu tena baada ya dakika moja.";
    no_page =
        "This page does not exist. The address may be old, or have a letter too many."
        | "Ukurasa huu haupo. Huenda anwani ni ya zamani, au ina herufi iliyozidi.";
    owner_only =
        "Only the owner of the business can do this."
        | "Mmiliki wa biashara pekee ndiye anayeweza kufanya hivi.";
    sign_in_first = "Sign in on the portal first." | "Ingia kwanza kwenye portal.";
}
