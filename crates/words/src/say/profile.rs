//! What a business profile takes, and what its fields are called.

crate::catalogue::catalogue! { "profile";
    profile = "Business profile" | "Maelezo ya biashara";
    phone = "Phone" | "Simu";
    address = "Address" | "Mahali";
    map_link = "Map link" | "Kiungo cha ramani";
    services = "Service" | "Huduma";
    catalogue = "Product" | "Bidhaa";
    questions = "Question" | "Swali";
    code = "code" | "msimbo";
    name = "name" | "jina";
    words = "other words" | "maneno mengine";
    price = "price" | "bei";
    minutes = "minutes" | "dakika";
    staff = "who does it" | "anayehudumia";
    at_once = "customers at once" | "wateja kwa wakati mmoja";
    unit = "unit" | "kipimo";
    stock = "stock" | "idadi iliyopo";
    category = "category" | "kundi";
    question = "question" | "swali";
    answer = "answer" | "jibu";
    lead = "Shortest notice" | "Muda wa chini kabla ya miadi";
    days_ahead = "Days ahead" | "Siku za mbele";
    slot_minutes = "Minutes between bookings" | "Dakika kati ya miadi";
    areas = "Delivery area" | "Eneo la kupeleka";
    fee = "fee" | "gharama";
    elsewhere = "Fee for other places" | "Gharama ya maeneo mengine";
    reminders = "Reminders" | "Vikumbusho";
    ask_order = "Asking for an unanswered order" | "Kuuliza oda isiyojibiwa";
    urgent_words = "Urgent words" | "Maneno ya dharura";
    left_alone = "Contacts left alone" | "Watu wasiojibiwa na bot";
    hand_off = "How long the bot keeps quiet for a person" | "Muda wa bot kukaa kimya mhudumu akiwepo";
    go_on = "Silence before asking whether to go on" | "Ukimya kabla ya kuuliza kama tuendelee";
    texts = "Texts said differently" | "Maneno yaliyobadilishwa";
    hours = "Opening hours" | "Saa za kazi";
    breaks = "Breaks" | "Mapumziko";
    holidays = "Holidays" | "Sikukuu";
    days = "Days with hours of their own" | "Siku zenye saa tofauti";

    unreadable(why) =
        "This file is no business profile: {why}. Export one to see what it looks like."
        | "Faili hili si maelezo ya biashara: {why}. Pakua moja uone linavyoonekana.";
    no_object = "it is a list and no object" | "ni orodha, si kitu kimoja chenye sehemu";
    too_large(most) = "A business profile has at most {most} kB." | "Maelezo ya biashara yasizidi kB {most}.";
    too_many(field, most, got) = "{field}: at most {most}; there are {got}." | "{field}: zisizidi {most}; ziko {got}.";
    empty(field) =
        "{field}: write something, in Swahili, in English or in both."
        | "{field}: andika kitu, kwa Kiswahili, kwa Kiingereza au kwa zote mbili.";
    too_long(field, most, got) =
        "{field}: at most {most} characters; this has {got}." | "{field}: isizidi herufi {most}; hii ina {got}.";
    control(field) =
        "{field}: write it without control characters." | "{field}: andika bila herufi za udhibiti.";
    not_a_code(field, most) =
        "{field}: 1 to {most} of a-z, 0-9, - and _, like rice-5." | "{field}: herufi 1 hadi {most} za a-z, 0-9, - na _, kama rice-5.";
    twice(field, value) = "{field}: \"{value}\" is there twice." | "{field}: \"{value}\" ipo mara mbili.";
    range(field, least, most) = "{field}: write a number from {least} to {most}." | "{field}: andika namba kuanzia {least} hadi {most}.";
    steps(field) = "{field}: write a number in steps of five." | "{field}: andika namba ya tano tano.";
    staff_and_places(field) =
        "{field}: leave it empty where people who do it are named; each takes one customer at a time."
        | "{field}: acha wazi kama umetaja wanaohudumia; kila mmoja anahudumia mteja mmoja kwa wakati.";
    link(field) = "{field}: write a link that begins with https://." | "{field}: andika kiungo kinachoanza na https://.";
    phone_number(field) =
        "{field}: write the number with its country code, like +255 712 345 678."
        | "{field}: andika namba pamoja na msimbo wa nchi, kama +255 712 345 678.";
    spans(field) =
        "{field}: at most 8 spans a day, in order and apart, like 08:00-12:00, 14:00-18:00."
        | "{field}: visizidi vipindi 8 kwa siku, kwa mfuatano na mbalimbali, kama 08:00-12:00, 14:00-18:00.";
    not_seven(field) =
        "{field}: give seven days, Monday first, or none." | "{field}: taja siku saba kuanzia Jumatatu, au usitaje yoyote.";
    backwards(field) =
        "{field}: the last day comes before the first." | "{field}: siku ya mwisho iko kabla ya siku ya kwanza.";
    parts(field) =
        "{field}: write a whole number, or say that halves are sold." | "{field}: andika namba kamili, au sema kwamba mnauza nusu.";
    template(field, why) =
        "{field}: this text cannot be said: {why}." | "{field}: maneno haya hayawezi kusemwa: {why}.";

    table_too_large(most) = "A table has at most {most} kB." | "Jedwali lisizidi kB {most}.";
    table_unreadable(line, why) =
        "Line {line} of the table cannot be read: {why}. Export the table to see its columns."
        | "Mstari wa {line} wa jedwali hausomeki: {why}. Pakua jedwali uone safu zake.";
    table_field(line, column, why) = "Line {line}, column {column}: {why}" | "Mstari wa {line}, safu {column}: {why}";
    table_price = "a product needs a price, like 15000." | "bidhaa inahitaji bei, kama 15000.";
    table_number = "write a whole number." | "andika namba kamili.";
    table_switch = "write yes or no." | "andika ndiyo au hapana.";
    amount_number = "write a number like 15000 or 12.50." | "andika namba kama 15000 au 12.50.";
    amount_decimals =
        "write at most two digits behind the point, like 12.50." | "andika tarakimu zisizozidi mbili baada ya nukta, kama 12.50.";
    amount_range = "write a number from 0 to 1000000000." | "andika namba kuanzia 0 hadi 1000000000.";
}
