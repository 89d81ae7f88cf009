//! Fields of forms.

crate::catalogue::catalogue! { "forms";
    business = "Business name" | "Jina la biashara";
    business_hint =
        "As you know the business, like Saluni ya Amina"
        | "Kama unavyoifahamu, mfano Saluni ya Amina";
    number = "WhatsApp number" | "Namba ya WhatsApp";
    number_hint_new =
        "With its country code, like +255 712 345 678. Another number that links is held until you confirm it."
        | "Pamoja na msimbo wa nchi, mfano +255 712 345 678. Namba nyingine ikiunganishwa, itasubiri hadi uithibitishe.";
    number_hint =
        "With its country code, like +255 712 345 678"
        | "Pamoja na msimbo wa nchi, mfano +255 712 345 678";
    pack = "Reply pack" | "Seti ya majibu";
    pack_hint = "What its customers ask for" | "Yale wateja wake wanayouliza";
    display = "Display name" | "Jina la kuonyesha";
    display_hint_new =
        "What customers read. The business name where it is left empty."
        | "Jina ambalo wateja wanasoma. Ukiacha wazi, litatumika jina la biashara.";
    display_hint = "What customers read" | "Jina ambalo wateja wanasoma";
    language = "Language" | "Lugha";
    language_hint = "The bot answers in it" | "Bot inajibu kwa lugha hii";
    rate = "Messages a minute" | "Ujumbe kwa dakika";
    rate_hint =
        "Answered of one contact, like 10; empty for the platform's limit"
        | "Zinazojibiwa kwa mtu mmoja, mfano 10; acha wazi kutumia kikomo cha mfumo";
    timezone = "Time zone" | "Ukanda wa saa";
    timezone_hint =
        "Bookings and opening hours go by it, like Africa/Dar_es_Salaam"
        | "Miadi na saa za kazi vinaufuata, mfano Africa/Dar_es_Salaam";
    currency = "Currency" | "Sarafu";
    currency_hint = "Of all prices, like TZS or KES" | "Ya bei zote, mfano TZS au KES";
    retention = "Keep conversations for" | "Tunza mazungumzo kwa";
    retention_hint =
        "Days, after which they are deleted; empty to keep them"
        | "Siku, kisha yanafutwa; acha wazi kuyatunza";
    removal = "Messages that a customer deletes" | "Ujumbe ambao mteja anaufuta";
    removal_hint = "What becomes of their text here" | "Maandishi yake yatafanywa nini hapa";
    removal_no = "Keep the text and mark it" | "Tunza maandishi na yawekee alama";
    removal_yes = "Remove the text" | "Futa maandishi";
    pack_gone(id) = "{id} (not on this installation)" | "{id} (haipo kwenye mfumo huu)";
    pack_booking = "Appointments" | "Miadi";
    pack_shop = "Shop" | "Duka";
    pack_care = "Customer care" | "Huduma kwa wateja";
    swahili = "Swahili" | "Kiswahili";
    english = "English" | "Kiingereza";
    monday = "Monday" | "Jumatatu";
    hours_wrong =
        "Type times like 09:00-13:00, 14:00-18:00; leave it empty where closed."
        | "Andika saa kama 09:00-13:00, 14:00-18:00; acha wazi siku ya kufunga.";
    hours_order =
        "Put the times in order, with a gap between them."
        | "Panga saa kwa mfuatano, na nafasi kati yake.";
    hours_week_first =
        "Type the hours of the week first: without them no day is open."
        | "Andika kwanza saa za wiki: bila hizo hakuna siku iliyo wazi.";
    holidays = "Holidays" | "Sikukuu";
    holidays_hint =
        "A line each: 2026-12-25 - 2026-12-26 = Krismasi / Christmas. Closed on all those days; the name may be left out."
        | "Kila moja kwa mstari wake: 2026-12-25 - 2026-12-26 = Krismasi / Christmas. Siku zote hizo mnafunga; jina si lazima.";
    holiday_line(line) =
        "\"{line}\" is no holiday: write its first and last day and its name, like 2026-12-25 - 2026-12-26 = Krismasi / Christmas."
        | "\"{line}\" si sikukuu: andika siku ya kwanza na ya mwisho na jina, kama 2026-12-25 - 2026-12-26 = Krismasi / Christmas.";
    holiday_backwards(line) =
        "\"{line}\": the last day comes before the first."
        | "\"{line}\": siku ya mwisho iko kabla ya siku ya kwanza.";
    special = "Days with hours of their own" | "Siku zenye saa tofauti";
    special_hint =
        "A line each: 2026-12-24: 09:00-12:00 = Mkesha / Christmas Eve, or 2026-12-31: closed. They come before holidays and the week."
        | "Kila moja kwa mstari wake: 2026-12-24: 09:00-12:00 = Mkesha / Christmas Eve, au 2026-12-31: imefungwa. Zinatangulia sikukuu na wiki.";
    special_line(line) =
        "\"{line}\" is no day with its hours: write the date, a colon and the times, like 2026-12-24: 09:00-12:00, or 2026-12-31: closed."
        | "\"{line}\" si siku na saa zake: andika tarehe, nukta mbili na saa, kama 2026-12-24: 09:00-12:00, au 2026-12-31: imefungwa.";
    closed = "closed" | "imefungwa";
    tuesday = "Tuesday" | "Jumanne";
    wednesday = "Wednesday" | "Jumatano";
    thursday = "Thursday" | "Alhamisi";
    friday = "Friday" | "Ijumaa";
    saturday = "Saturday" | "Jumamosi";
    sunday = "Sunday" | "Jumapili";
}
