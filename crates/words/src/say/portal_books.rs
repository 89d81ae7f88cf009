//! Bookings, orders and tickets, as the owner's portal shows them.

crate::catalogue::catalogue! { "portal_books";
    week = "Week" | "Wiki";
    before = "Week before" | "Wiki iliyopita";
    after = "Week after" | "Wiki ijayo";
    today = "Today" | "Leo";
    tomorrow = "Tomorrow" | "Kesho";
    yesterday = "Yesterday" | "Jana";
    on_day[count] = "1 booking" | "{count} bookings" | "miadi 1" | "miadi {count}";
    none_on_day = "Nothing is booked on this day" | "Hakuna miadi siku hii";
    none_on_day_text =
        "What customers book with the bot stands here at once. You can enter one of somebody who rang, too."
        | "Miadi wanayoweka wateja kwa bot huonekana hapa papo hapo. Unaweza pia kuingiza ya aliyepiga simu.";
    search_hint = "A name, a number or a service" | "Jina, namba au huduma";
    found = "Found" | "Zilizopatikana";
    found_none = "Nothing was found" | "Hakuna kilichopatikana";
    found_none_text = "Look for another name or number." | "Tafuta jina au namba nyingine.";
    clear = "Back to the days" | "Rudi kwenye siku";
    enter = "Enter a booking" | "Ingiza miadi";
    block = "Block hours" | "Funga saa";
    blocked = "Blocked" | "Imefungwa";
    free_again = "Make free again" | "Fungua tena";
    make(state) = "Mark: {state}" | "Weka: {state}";
    change = "Change" | "Badilisha";
    change_it(what) = "Change {what}" | "Badilisha {what}";
    save = "Save" | "Hifadhi";
    back = "Back" | "Rudi";
    chat = "Conversation" | "Mazungumzo";
    call = "Call" | "Piga simu";
    orders = "Orders" | "Oda";
    tickets = "Tickets" | "Masuala";
    open = "Open" | "Zilizo wazi";
    all = "All" | "Zote";
    none_orders = "No open orders" | "Hakuna oda zilizo wazi";
    none_orders_text =
        "What customers order stands here at once, with where it goes and what it costs."
        | "Wanachoagiza wateja huonekana hapa papo hapo, na pa kupeleka, na bei yake.";
    none_tickets = "No open tickets" | "Hakuna masuala yaliyo wazi";
    none_tickets_text =
        "What customers need a person for stands here, until it is solved."
        | "Wanachohitaji mhudumu wateja hukaa hapa hadi kitatuliwe.";
    next = "More" | "Zaidi";
    first = "To the first ones" | "Rudi mwanzo";
    time_hint = "In steps of five minutes." | "Kwa dakika tano tano.";
    monday = "Mon" | "Jtt";
    tuesday = "Tue" | "Jnn";
    wednesday = "Wed" | "Jtn";
    thursday = "Thu" | "Alh";
    friday = "Fri" | "Iju";
    saturday = "Sat" | "Jms";
    sunday = "Sun" | "Jpl";
}
