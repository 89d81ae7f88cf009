//! Bookings, orders and tickets on pages.

crate::catalogue::catalogue! { "books";
    bookings = "Bookings" | "Miadi";
    orders = "Orders" | "Oda";
    tickets = "Tickets" | "Masuala";
    blocks = "Blocked hours" | "Saa zilizofungwa";
    bookings_of(name) = "Bookings: {name}" | "Miadi: {name}";
    orders_of(name) = "Orders: {name}" | "Oda: {name}";
    blocks_of(name) = "Blocked hours: {name}" | "Saa zilizofungwa: {name}";
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
    none_blocks = "No blocked hours here" | "Hakuna saa zilizofungwa hapa";
    none_blocks_text =
        "Time in which nothing can be booked, such as a holiday or a wedding, will be here."
        | "Muda ambao miadi haichukuliwi, kama sikukuu au harusi, utakuwa hapa.";
    add_booking = "Enter a booking" | "Ingiza miadi";
    add_booking_say =
        "Such as of somebody who rang or walked in. The bot takes it into account at once."
        | "Kwa mfano ya aliyepiga simu au aliyekuja. Bot inaizingatia mara moja.";
    add_block = "Block hours" | "Funga saa";
    add_block_say = "The bot takes no booking in that time." | "Bot haichukui miadi katika muda huo.";
    add = "Enter" | "Ingiza";
    time = "Time of day" | "Saa";
    time_hint = "Like 14:30, in steps of five minutes." | "Kama 14:30, kwa dakika tano tano.";
    length = "Minutes" | "Dakika";
    length_hint = "Empty: as long as the service takes." | "Wazi: muda wa huduma.";
    name = "For whom" | "Ya nani";
    phone = "Telephone" | "Namba ya simu";
    service = "Service" | "Huduma";
    no_service = "No service" | "Bila huduma";
    with_whom = "Who does it" | "Anayehudumia";
    whose = "Whose time" | "Muda wa nani";
    anybody = "Anybody" | "Yeyote";
    everybody = "Everybody's" | "Wa wote";
    note = "Note" | "Maelezo";
    make(state) = "Make it: {state}" | "Iwe: {state}";
    move_it = "Change it" | "Ibadilishe";
    change = "Save" | "Hifadhi";
    back = "Back to the list" | "Rudi kwenye orodha";
    shown[count] = "1 shown" | "{count} shown" | "1 imeonyeshwa" | "{count} zimeonyeshwa";
    today_of = "Today" | "Leo";
    nothing_today = "Nothing stands for today." | "Hakuna kitu cha leo.";

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
    time_field = "`time` is a time like 14:30, in steps of five minutes, that there is on this day." | "`time` ni saa kama 14:30, kwa dakika tano tano, iliyopo siku hiyo.";
    exact_day_field = "`day` is a day like 2026-01-31." | "`day` ni tarehe kama 2026-01-31.";
    minutes_field = "`minutes` is a number from 5 to 1440 in steps of five." | "`minutes` ni namba kuanzia 5 hadi 1440, kwa tano tano.";
    kind_field = "`kind` is booking or block." | "`kind` ni booking au block.";
    version_field =
        "`version` is missing: send the number of the version that you looked at."
        | "`version` haipo: tuma namba ya toleo uliloliangalia.";
    service_field(codes) = "`service` is one of {codes}." | "`service` ni mojawapo ya {codes}.";
    with_field(names) = "`with` is one of {names}." | "`with` ni mojawapo ya {names}.";
    not_movable =
        "Only bookings and blocked hours have a time that can be changed."
        | "Miadi na saa zilizofungwa tu ndizo zenye muda unaoweza kubadilishwa.";
    saved(reference) = "{reference} is saved." | "{reference} imehifadhiwa.";
    no_record =
        "There is no such booking, order or ticket. Look at the list again."
        | "Hakuna miadi, oda wala suala hilo. Angalia orodha tena.";
}
