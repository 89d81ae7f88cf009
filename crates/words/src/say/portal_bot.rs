//! What the bot says, as the owner's portal shows and changes it.

crate::catalogue::catalogue! { "portal_bot";
    intro =
        "What your bot tells customers. Change a part, see how it reads, save it: the bot goes by it at once."
        | "Bot yako inavyowaambia wateja. Badilisha sehemu, ona itakavyosomeka, hifadhi: bot inaifuata papo hapo.";
    try_it = "Try your bot" | "Jaribu bot yako";
    parts = "Parts" | "Sehemu";
    hours = "Hours and name" | "Saa na jina";
    hours_say = "When you are open, what the bot calls you, which language it speaks" | "Mko wazi lini, bot inawaitaje, inaongea lugha gani";
    contact_say = "Telephone, address, map" | "Simu, mahali, ramani";
    services_say[count] = "1 service to book" | "{count} services to book" | "Huduma 1 ya kuwekea miadi" | "Huduma {count} za kuwekea miadi";
    catalogue_say[count] = "1 product to order" | "{count} products to order" | "Bidhaa 1 ya kuagiza" | "Bidhaa {count} za kuagiza";
    questions_say[count] = "1 question with its answer" | "{count} questions with their answers" | "Swali 1 na jibu lake" | "Maswali {count} na majibu yake";
    booking = "Bookings and reminders" | "Miadi na vikumbusho";
    booking_say = "How early, how far ahead, what customers are reminded of" | "Mapema kiasi gani, mbele kiasi gani, wateja wanakumbushwa nini";
    delivery_say = "Where you bring orders, and the fees" | "Mnapeleka oda wapi, na gharama zake";
    manners = "When a person comes" | "Mhudumu akija";
    manners_say = "Urgent words, whom the bot leaves alone, how long it keeps quiet" | "Maneno ya dharura, bot isiowajibu, inanyamaza muda gani";
    texts = "Words of the bot" | "Maneno ya bot";
    texts_say[count] = "1 text said your way" | "{count} texts said your way" | "Neno 1 kwa namna yako" | "Maneno {count} kwa namna yako";
    preview = "How it reads on the phone" | "Itakavyosomeka kwenye simu";
    preview_of_now = "A customer asks your bot" | "Mteja anauliza bot yako";
    preview_away =
        "The preview cannot be shown at the moment; what you save counts all the same."
        | "Mfano hauwezi kuonyeshwa kwa sasa; unachohifadhi kinatumika hata hivyo.";
    quiet = "(the bot keeps quiet)" | "(bot inanyamaza)";
    see = "See how it reads" | "Ona itakavyosomeka";
    not_saved_yet = "Not saved yet." | "Bado haijahifadhiwa.";
    save = "Save" | "Hifadhi";
    saved = "Saved. The bot goes by it from now on." | "Imehifadhiwa. Bot inaifuata kuanzia sasa.";
    not_saved = "Nothing was saved yet. See below what to change." | "Bado hakuna kilichohifadhiwa. Angalia hapa chini cha kubadilisha.";
    more = "More settings" | "Mipangilio zaidi";
    remove = "Remove" | "Ondoa";
    back = "Your bot" | "Bot yako";
    back_to(part) = "All: {part}" | "Zote: {part}";
    name = "What the bot calls your business" | "Bot inavyoiita biashara yako";
    language = "Language in which the bot begins" | "Lugha ambayo bot inaanza nayo";
    language_hint = "It answers in the language in which a customer writes." | "Inajibu kwa lugha anayoandikia mteja.";
    week = "Opening hours" | "Saa za kazi";
    week_hint =
        "One line a day, like 08:00-13:00, 14:00-18:00. A day that is left empty is closed."
        | "Mstari mmoja kwa siku, kama 08:00-13:00, 14:00-18:00. Siku iliyoachwa wazi imefungwa.";
    holidays = "Holidays" | "Sikukuu";
    holidays_hint =
        "One on each line, like 2026-12-25 - 2026-12-26 = Krismasi / Christmas."
        | "Moja kwenye kila mstari, kama 2026-12-25 - 2026-12-26 = Krismasi / Christmas.";
    special = "Days with hours of their own" | "Siku zenye saa tofauti";
    special_hint =
        "One on each line, like 2026-12-24: 09:00-12:00 = Mkesha / Christmas Eve."
        | "Moja kwenye kila mstari, kama 2026-12-24: 09:00-12:00 = Mkesha / Christmas Eve.";
    ask_hours = "What are your opening hours?" | "Mnafungua saa ngapi?";
    ask_prices = "How much is it?" | "Bei gani?";
    ask_products = "What do you sell?" | "Mnauza nini?";
    ask_where = "Where are you?" | "Mko wapi?";
    ask_booking = "I want to book for tomorrow" | "Nataka miadi ya kesho";
    ask_delivery = "Do you deliver?" | "Mnaleta mpaka nyumbani?";
    ask_person = "I want to talk to a person" | "Nataka kuongea na mtu";
    ask_hello = "Hello" | "Habari";
}
