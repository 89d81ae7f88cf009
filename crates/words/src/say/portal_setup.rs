//! Asking to have the bot switched on, step by step.

crate::catalogue::catalogue! { "portal_setup";
    title = "Set up your bot" | "Andaa bot yako";
    step_of(n, all) = "Step {n} of {all}" | "Hatua ya {n} kati ya {all}";
    steps = "Steps" | "Hatua";
    next = "Next" | "Endelea";
    back = "Back" | "Rudi";
    change = "Change" | "Badilisha";
    kept = "What you typed stays on this phone until you send it." | "Ulichoandika kinabaki kwenye simu hii hadi utakapotuma.";

    business_head = "Your business" | "Biashara yako";
    name = "What is your business called?" | "Biashara yako inaitwaje?";
    name_hint = "As customers know it, like: Amina's Salon" | "Kama wateja wanavyoijua, mfano: Saluni ya Amina";
    name_needed = "Write the name that customers know." | "Andika jina ambalo wateja wanalijua.";
    name_long(most) = "The name has at most {most} letters; make it shorter." | "Jina lisizidi herufi {most}; lifupishe.";
    kind = "What do you do?" | "Unafanya kazi gani?";
    kind_hint = "Like: hair salon, barber, clinic, restaurant, shop" | "Mfano: saluni, kinyozi, zahanati, mgahawa, duka";
    kind_long(most) = "Say it in at most {most} letters." | "Eleza kwa herufi zisizozidi {most}.";
    salon = "Hair salon" | "Saluni";
    barber = "Barber" | "Kinyozi";
    clinic = "Clinic" | "Zahanati";
    restaurant = "Restaurant" | "Mgahawa";
    shop = "Shop" | "Duka";
    garage = "Garage" | "Gereji";
    school = "School" | "Shule";
    hotel = "Guest house" | "Nyumba ya wageni";

    pack_head = "What shall the bot do?" | "Bot ifanye nini?";
    pack_needed = "Choose what the bot shall do." | "Chagua bot ifanye nini.";
    pack_later = "Prices, goods and answers are filled in afterwards." | "Bei, bidhaa na majibu utayajaza baadaye.";
    pack_for(name) = "Shows how {name} talks" | "Inaonyesha {name} inavyoongea";
    booking_ask = "Do you have room tomorrow at ten?" | "Kesho saa nne kuna nafasi?";
    booking_say = "Yes, 10:00 is free. For whom shall I book?" | "Ndiyo, saa 4:00 (10:00) ipo. Niweke kwa jina gani?";
    shop_ask = "Two kilos of rice, please" | "Naomba mchele kilo mbili";
    shop_say = "2 kg of rice: TZS 6,400. Deliver or pick up?" | "Mchele kilo 2: TZS 6,400. Tukuletee au utafuata?";
    support_ask = "My router has no light" | "Router yangu haiwaki taa";
    support_say = "Sorry! Is the plug warm? I have opened case T-1004." | "Pole sana! Waya umechomekwa? Nimefungua suala T-1004.";
    other_ask = "Hello, are you open today?" | "Habari, leo mko wazi?";
    other_say = "Yes, until 20:00. How can we help?" | "Ndiyo, hadi saa 2:00 usiku (20:00). Tukusaidie nini?";

    number_head = "Which number do customers write to?" | "Wateja wanaandika kwa namba gani?";
    number = "WhatsApp number" | "Namba ya WhatsApp";
    number_hint =
        "The phone with this number is linked later. It stays yours, and WhatsApp goes on working on it."
        | "Simu yenye namba hii ndiyo itakayounganishwa baadaye. Inabaki yako, na WhatsApp inaendelea kufanya kazi.";
    number_wrong =
        "No country has such a number. Look at its digits, or write it with its country code, like +255 712 345 678."
        | "Hakuna nchi yenye namba kama hiyo. Angalia tarakimu zake, au iandike na msimbo wa nchi, kama +255 712 345 678.";
    number_needed = "Write the number, like 0712 345 678." | "Andika namba, kama 0712 345 678.";
    country = "Country" | "Nchi";
    other_country = "Another (write +…)" | "Nyingine (andika +…)";
    language = "In which language shall the bot begin?" | "Bot ianze kuongea lugha gani?";
    language_hint =
        "It understands both, and answers each customer in theirs."
        | "Inaelewa zote mbili, na inamjibu kila mteja kwa lugha yake.";

    hours_head = "When are you open?" | "Mnafungua na kufunga saa ngapi?";
    hours_hint = "The bot offers times within these hours, and answers questions outside of them too." | "Bot inatoa nafasi ndani ya saa hizi, lakini inajibu maswali hata nje yake.";
    day_open(day) = "{day}: open" | "{day}: tuko wazi";
    from(day) = "{day}: from" | "{day}: kuanzia";
    until(day) = "{day}: until" | "{day}: hadi";
    closed = "Closed" | "Tumefunga";
    hours_later = "I do not know yet" | "Bado sijui";
    hours_wrong(day) =
        "{day}: write from when until when, the earlier time first, like 09:00 and 18:00."
        | "{day}: andika kuanzia saa ngapi hadi saa ngapi, ya mapema kwanza, kama 09:00 na 18:00.";

    send_head = "Is this right?" | "Je, hii ni sahihi?";
    send_say =
        "We look at it, and then you link your phone. Until then nothing changes for your customers."
        | "Tutaiangalia, kisha utaunganisha simu yako. Hadi hapo hakuna kinachobadilika kwa wateja wako.";
    send_say_at_once =
        "Once it is sent you can link your phone at once."
        | "Ukishatuma utaweza kuunganisha simu yako papo hapo.";
    send = "Send" | "Tuma";
    not_given = "Not given" | "Haijatolewa";
    no_hours = "Not known yet" | "Bado hazijulikani";
    the_language = "Language of the bot" | "Lugha ya bot";
    the_pack = "What it does" | "Inachofanya";
    the_hours = "Hours" | "Saa za kazi";
    the_name = "Name" | "Jina";
    the_kind = "Business" | "Kazi";

    again_head = "Your request was not accepted yet" | "Ombi lako bado halijakubaliwa";
    again_say(note) = "We were told: {note}" | "Tumeambiwa: {note}";
    again_do = "Change what is needed and send it again." | "Badilisha kinachohitajika, kisha utume tena.";
    for_owner = "The owner sets this up" | "Mmiliki ndiye anayeandaa hapa";
    for_owner_say(business) =
        "{business} has no bot yet. As soon as its owner has set it up, its messages and bookings are here."
        | "{business} bado haina bot. Mmiliki akishaiandaa, ujumbe na miadi yake vitaonekana hapa.";
}
