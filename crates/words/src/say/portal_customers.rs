//! Customers, as the owner's portal shows them.

crate::catalogue::catalogue! { "portal_customers";
    search_hint = "A name or a number" | "Jina au namba";
    any = "All" | "Wote";
    new = "New" | "Wapya";
    waiting = "Waiting" | "Wanaosubiri";
    confirmed = "Confirmed" | "Waliothibitishwa";
    done = "Done" | "Waliomaliza";
    lost = "Lost" | "Waliopotea";
    one_new = "New" | "Mpya";
    one_waiting = "Waiting" | "Anasubiri";
    one_confirmed = "Confirmed" | "Amethibitishwa";
    one_done = "Done" | "Amemaliza";
    one_lost = "Lost" | "Amepotea";
    by_itself = "By itself, from bookings and orders" | "Yenyewe, kutokana na miadi na oda";
    none = "No customers yet" | "Bado hakuna wateja";
    none_text =
        "Everybody who writes to you will be here, with what they booked and ordered."
        | "Kila atakayekuandikia atakuwa hapa, pamoja na miadi na oda zake.";
    found_none = "No customer is like that" | "Hakuna mteja wa aina hiyo";
    found_none_text = "Look for another name or another state." | "Tafuta jina lingine au hali nyingine.";
    states = "Where it stands" | "Hali ilivyo";
    state = "Where it stands with this customer" | "Mmefikia wapi na mteja huyu";
    name = "Name" | "Jina";
    name_hint = "As you know the customer; the bot does not say it." | "Unavyomjua wewe; bot hailitaji.";
    note = "Note" | "Maelezo";
    note_hint = "For you and your staff. The customer never sees it." | "Yako na wahudumu wako. Mteja hayaoni kamwe.";
    save = "Save" | "Hifadhi";
    saved = "Saved." | "Imehifadhiwa.";
    chat = "Open the conversation" | "Fungua mazungumzo";
    records = "Bookings, orders and tickets" | "Miadi, oda na masuala";
    no_records = "None so far." | "Bado hakuna.";
    open_records[count] = "1 open" | "{count} open" | "1 iliyo wazi" | "{count} zilizo wazi";
    download = "Download all (CSV)" | "Pakua wote (CSV)";
    next = "More customers" | "Wateja zaidi";
    first = "To the first ones" | "Rudi mwanzo";
    back = "All customers" | "Wateja wote";
}
