//! Bookings, orders and tickets on pages.

crate::catalogue::catalogue! { "books";
    bookings = "Bookings" | "Miadi";
    orders = "Orders" | "Oda";
    tickets = "Tickets" | "Masuala";
    blocks = "Blocked hours" | "Saa zilizofungwa";
    bookings_of(name) = "Bookings: {name}" | "Miadi: {name}";
    orders_of(name) = "Orders: {name}" | "Oda: {name}";
    tickets_of(name) = "Tickets: {name}" | "Masuala: {name}";
    today = "Today" | "Leo";
    earlier = "Day before" | "Siku iliyopita";
    later = "Day after" | "Siku inayofuata";
    all_days = "All days" | "Siku zote";
    day = "Day" | "Siku";
    state = "State" | "Hali";
    any_state = "Any state" | "Hali yoyote";
    search = "Search" | "Tafuta";
    search_hint = "Name, number or what it is for" | "Jina, namba au ni ya nini";
    show = "Show" | "Onyesha";
    reference = "Number" | "Namba";
    when = "When" | "Lini";
    who = "Who" | "Nani";
    what = "What" | "Nini";
    total = "Total" | "Jumla";
    changed = "Changed" | "Ilibadilika";
    none_bookings = "No bookings here" | "Hakuna miadi hapa";
    none_bookings_text =
        "What customers book with the bot, and what you enter, will be here."
        | "Miadi wanayoweka wateja kwa bot, na unayoingiza wewe, itakuwa hapa.";
    none_orders = "No orders here" | "Hakuna oda hapa";
    none_orders_text = "What customers order will be here." | "Wanachoagiza wateja kitakuwa hapa.";
    none_tickets = "No tickets here" | "Hakuna masuala hapa";
    none_tickets_text =
        "What customers need a person for will be here."
        | "Wanachohitaji mhudumu wateja kitakuwa hapa.";
    shown[count] = "1 shown" | "{count} shown" | "1 imeonyeshwa" | "{count} zimeonyeshwa";
    today_of = "Today's" | "Za leo";
    nothing_today = "Nothing stands for today." | "Hakuna kitu cha leo.";
    all = "See all" | "Ona zote";

    booked = "Expected" | "Anatarajiwa";
    cancelled = "Cancelled" | "Imeghairiwa";
    came = "Came" | "Alikuja";
    missed = "Did not come" | "Hakuja";
    placed = "New" | "Mpya";
    accepted = "Accepted" | "Imekubaliwa";
    shipped = "On its way" | "Iko njiani";
    done = "Done" | "Imekamilika";
    open = "Open" | "Iko wazi";
    in_work = "In work" | "Inashughulikiwa";
    solved = "Solved" | "Imetatuliwa";
    blocked = "Blocked" | "Imefungwa";
    lifted = "Free again" | "Iko huru tena";
    urgent = "Urgent" | "Dharura";
    pick_up = "To be fetched" | "Atachukua mwenyewe";
    brought_to(place) = "To {place}" | "Kupelekwa {place}";
    with(who) = "with {who}" | "na {who}";
    minutes(count) = "{count} minutes" | "dakika {count}";

    day_field = "`day` is a day like 2026-01-31, or `all`." | "`day` ni tarehe kama 2026-01-31, au `all`.";
    state_field(states) = "`state` is one of {states}." | "`state` ni mojawapo ya {states}.";
    no_record =
        "There is no such booking, order or ticket. Look at the list again."
        | "Hakuna miadi, oda wala suala hilo. Angalia orodha tena.";
}
