//! The pages on which a business profile is edited.

crate::catalogue::catalogue! { "editing";
    title(name) = "What the bot knows: {name}" | "Bot inayoyajua: {name}";
    intro =
        "What customers are told and what they can book or order. Each part is saved by itself."
        | "Wanachoambiwa wateja, na wanachoweza kuweka miadi au kuagiza. Kila sehemu huhifadhiwa peke yake.";
    open = "What the bot knows" | "Bot inayoyajua";
    parts = "Parts of the profile" | "Sehemu za maelezo";
    contact = "Contact" | "Mawasiliano";
    services = "Services" | "Huduma";
    catalogue = "Products" | "Bidhaa";
    questions = "Questions" | "Maswali";
    bookings = "Bookings" | "Miadi";
    delivery = "Delivery" | "Usafirishaji";
    manners = "Manners" | "Adabu za bot";
    texts = "Texts" | "Maneno ya bot";
    says_pack = "The pack says" | "Seti husema";
    says_here = "This bot says" | "Bot hii husema";
    says_pack_sw = "What the pack says in Swahili" | "Seti inavyosema kwa Kiswahili";
    says_pack_en = "What the pack says in English" | "Seti inavyosema kwa Kiingereza";
    said_sw = "What this bot says in Swahili" | "Bot hii inavyosema kwa Kiswahili";
    said_en = "What this bot says in English" | "Bot hii inavyosema kwa Kiingereza";
    said_hint =
        "A template like the pack's own: what stands in double braces is put in. Left empty, the pack's own is said."
        | "Kiolezo kama cha seti yenyewe: kilicho ndani ya mabano pacha hujazwa. Ukiacha wazi, bot husema cha seti.";
    none_texts = "No texts" | "Hakuna maneno";
    none_texts_text =
        "The pack of this tenant is not on this installation, so that there is nothing to say differently."
        | "Seti ya biashara hii haipo kwenye mfumo huu, kwa hiyo hakuna cha kubadilisha.";
    files = "Files" | "Mafaili";
    version(version) = "Version {version}" | "Toleo la {version}";
    saved = "Saved. The bot answers by it from now on." | "Imehifadhiwa. Bot itajibu hivyo kuanzia sasa.";
    save = "Save" | "Hifadhi";
    add = "Add" | "Ongeza";
    remove = "Remove" | "Ondoa";
    change = "Change" | "Badilisha";
    back = "Back to the list" | "Rudi kwenye orodha";
    not_saved = "Nothing was saved." | "Hakuna kilichohifadhiwa.";
    stale =
        "Somebody else has changed this business profile meanwhile. Look at what stands now, then save again."
        | "Mtu mwingine amebadilisha maelezo haya wakati huohuo. Angalia yalivyo sasa, kisha hifadhi tena.";
    gone =
        "This entry is not there any more. Go back to the list and choose again."
        | "Ingizo hili halipo tena. Rudi kwenye orodha uchague tena.";
    part(parts) = "`part` is one of {parts}." | "`part` ni mojawapo ya {parts}.";
    what(kinds) = "`what` is one of {kinds}." | "`what` ni mojawapo ya {kinds}.";
    no_file =
        "`file` is missing or empty. Choose the file to put in, then send it."
        | "`file` haipo au ni tupu. Chagua faili la kuweka, kisha ulitume.";
    version_field =
        "`version` is the number of the version that you looked at, like 3."
        | "`version` ni namba ya toleo uliloliangalia, kama 3.";
    number(field) = "{field}: write a whole number." | "{field}: andika namba kamili.";
    yes_or_no(field) = "{field}: choose yes or no." | "{field}: chagua ndiyo au hapana.";
    area_line(line) =
        "Delivery areas: write a name, = and a fee on each line, like \"Kariakoo = 3000\"; \"{line}\" is not so."
        | "Maeneo ya kupeleka: andika jina, = na gharama kwenye kila mstari, kama \"Kariakoo = 3000\"; \"{line}\" si hivyo.";
    none_services = "No services yet" | "Bado hakuna huduma";
    none_services_text =
        "What customers can book will be here, with its price and how long it takes."
        | "Wanachoweza kuweka miadi wateja kitakuwa hapa, na bei yake na muda wake.";
    none_catalogue = "No products yet" | "Bado hakuna bidhaa";
    none_catalogue_text =
        "What customers can order will be here, with its price and what is left of it."
        | "Wanachoweza kuagiza wateja kitakuwa hapa, na bei yake na kilichobaki.";
    none_questions = "No questions yet" | "Bado hakuna maswali";
    none_questions_text =
        "What customers often ask will be here, with what the bot says."
        | "Wanachouliza wateja mara kwa mara kitakuwa hapa, na jibu la bot.";
    add_service = "Add a service" | "Ongeza huduma";
    add_product = "Add a product" | "Ongeza bidhaa";
    add_question = "Add a question" | "Ongeza swali";
    name = "Name" | "Jina";
    off = "not offered now" | "haitolewi sasa";
    change_it(name) = "Change {name}" | "Badilisha {name}";

    phone = "Telephone" | "Namba ya simu";
    address_sw = "Where it is, in Swahili" | "Mahali ilipo, kwa Kiswahili";
    address_en = "Where it is, in English" | "Mahali ilipo, kwa Kiingereza";
    map_link = "Link to a map" | "Kiungo cha ramani";
    code = "Code" | "Msimbo";
    code_hint = "A short name that never changes, like rice-5." | "Jina fupi lisilobadilika kamwe, kama rice-5.";
    name_sw = "Name in Swahili" | "Jina kwa Kiswahili";
    name_en = "Name in English" | "Jina kwa Kiingereza";
    one_enough = "One language is enough." | "Lugha moja inatosha.";
    price = "Price" | "Bei";
    price_hint = "Leave it empty where it depends." | "Acha wazi kama inategemea.";
    minutes = "Minutes it takes" | "Dakika inazochukua";
    minutes_hint = "In steps of five." | "Kwa tano tano.";
    staff = "Who does it" | "Anayehudumia";
    list_hint = "Part several with commas." | "Tenganisha kwa mkato.";
    at_once = "Customers at once" | "Wateja kwa wakati mmoja";
    words = "Other words for it" | "Maneno mengine yake";
    on = "Offered now" | "Inatolewa sasa";
    yes = "Yes" | "Ndiyo";
    no = "No" | "Hapana";
    unit_sw = "Unit in Swahili" | "Kipimo kwa Kiswahili";
    unit_en = "Unit in English" | "Kipimo kwa Kiingereza";
    stock = "How many there are" | "Idadi iliyopo";
    stock_hint =
        "As counted; empty: always there. What is sold is taken off by itself."
        | "Kama ulivyohesabu; wazi: ipo daima. Kinachouzwa hupunguzwa chenyewe.";
    counted = "Counted anew just now" | "Imehesabiwa upya sasa hivi";
    parts_sold = "Halves and quarters are sold" | "Nusu na robo zinauzwa";
    category_sw = "Group in Swahili" | "Kundi kwa Kiswahili";
    category_en = "Group in English" | "Kundi kwa Kiingereza";
    question_sw = "Question in Swahili" | "Swali kwa Kiswahili";
    question_en = "Question in English" | "Swali kwa Kiingereza";
    answer_sw = "Answer in Swahili" | "Jibu kwa Kiswahili";
    answer_en = "Answer in English" | "Jibu kwa Kiingereza";
    span(label) =
        "{label}: write a length of time like 30 minutes, 2 hours or 1 day."
        | "{label}: andika muda kama dakika 30, saa 2 au siku 1.";
    span_hint = "Like 30 minutes, 2 hours or 1 day." | "Kama dakika 30, saa 2 au siku 1.";
    for_minutes[count] = "1 minute" | "{count} minutes" | "dakika 1" | "dakika {count}";
    for_hours[count] = "1 hour" | "{count} hours" | "saa 1" | "saa {count}";
    for_days[count] = "1 day" | "{count} days" | "siku 1" | "siku {count}";
    lead = "Shortest notice before a booking" | "Muda wa chini kabla ya miadi";
    days_ahead = "Days ahead, today included" | "Siku za mbele, leo ikiwemo";
    slot_minutes = "Minutes between two beginnings" | "Dakika kati ya mianzo miwili";
    at_once_all = "Customers at once, where a service says nothing else" | "Wateja kwa wakati mmoja, pale huduma isiposema vingine";
    before = "Reminders, how long before a booking" | "Vikumbusho, muda gani kabla ya miadi";
    before_hint = "Like 1 day, 2 hours. Empty: none." | "Kama siku 1, saa 2. Wazi: hakuna.";
    missed_you = "Say \"we missed you\" to who did not come" | "Mwambie asiyekuja \"tulikukosa\"";
    ask_order = "How long until an unanswered order is asked for" | "Muda gani kabla ya kuuliza oda isiyojibiwa";
    ask_order_hint = "Like 30 minutes. Empty: never." | "Kama dakika 30. Wazi: kamwe.";
    pick_up = "Customers may fetch it" | "Wateja wanaweza kuchukua wenyewe";
    areas = "Where it is brought, and for what fee" | "Mnakopeleka, na kwa gharama gani";
    areas_hint =
        "One on each line, like Kariakoo = 3000; a second name in English behind a slash."
        | "Moja kwenye kila mstari, kama Kariakoo = 3000; jina la pili la Kiingereza baada ya mkwaju.";
    elsewhere = "Fee for any other place" | "Gharama ya mahali pengine popote";
    elsewhere_hint = "Empty: brought nowhere else." | "Wazi: hamupeleki kwingine.";
    urgent = "Urgent words" | "Maneno ya dharura";
    urgent_hint = "A person comes at once. Part them with commas." | "Mhudumu anakuja mara moja. Tenganisha kwa mkato.";
    left_alone = "Numbers that the bot leaves alone" | "Namba ambazo bot haizijibu";
    left_alone_hint = "One on each line, with the country's code." | "Moja kwenye kila mstari, pamoja na msimbo wa nchi.";
    only_new = "Answer only people this phone had not chatted with" | "Jibu tu watu ambao simu hii haijawahi kuchati nao";
    only_new_hint =
        "Whoever the phone had a chat with before it was linked is left to you, as far as WhatsApp tells of those chats."
        | "Aliyechati na simu kabla ya kuunganishwa anaachiwa wewe, kadiri WhatsApp inavyoonyesha chati hizo.";
    hand_off = "How long the bot keeps quiet for a person" | "Muda ambao bot inakaa kimya mhudumu akiwepo";
    go_on = "How long it is silent before it asks whether to go on" | "Muda wa ukimya kabla ya kuuliza kama tuendelee";

    download_all = "Download all of it" | "Pakua yote";
    download_services = "Download the services" | "Pakua huduma";
    download_catalogue = "Download the products" | "Pakua bidhaa";
    down = "Take out" | "Toa";
    down_say =
        "All of it as one JSON file, services and products as tables for a spreadsheet too."
        | "Yote kama faili moja la JSON, huduma na bidhaa pia kama majedwali ya lahajedwali.";
    up = "Put in" | "Weka";
    up_say =
        "What is in the file takes the place of what is there. Nothing changes where anything in it is wrong."
        | "Kilichomo kwenye faili kitachukua nafasi ya kilichopo. Hakuna kitakachobadilika kama kuna kosa lolote.";
    file = "File" | "Faili";
    what_file = "What it holds" | "Lina nini";
    all_of_it = "The whole profile (JSON)" | "Maelezo yote (JSON)";
    services_csv = "Services (CSV)" | "Huduma (CSV)";
    catalogue_csv = "Products (CSV)" | "Bidhaa (CSV)";
    send = "Put it in" | "Liweke";
}
