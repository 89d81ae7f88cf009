//! The portal's first page.

crate::catalogue::catalogue! { "portal_home";
    title = "A bot for your business" | "Bot ya biashara yako";
    headline = "Your customers get an answer on WhatsApp at once" | "Wateja wako wanajibiwa WhatsApp papo hapo";
    lead =
        "A bot tells your prices, books appointments and takes orders on your own number, day and night. You step in whenever you like."
        | "Bot inataja bei zako, inaweka miadi na kupokea oda kwa namba yako mwenyewe, usiku na mchana. Wewe unaingilia kati muda wowote unaotaka.";
    read = "Read in English" | "Soma kwa Kiswahili";
    start = "Start" | "Anza";
    open = "Open your page" | "Fungua ukurasa wako";
    example = "A salon, 21:47" | "Saluni, saa 3:47 usiku";
    customer_asks = "Hi, how much are braids?" | "Mambo, kusuka bei gani?";
    bot_offers =
        "Braids are 25,000 TZS and take 3 hours. Tomorrow I have 10:00 and 14:00. Which suits you?"
        | "Kusuka ni TZS 25,000, masaa 3. Kesho kuna saa 4:00 asubuhi (10:00) na saa 8:00 mchana (14:00). Ipi inakufaa?";
    customer_takes = "10 is good. Asha" | "Saa nne poa. Naitwa Asha";
    bot_books = "*Booked*, Asha: braids, tomorrow 10:00. See you!" | "*Tayari*, Asha: kusuka, kesho saa 4:00 asubuhi (10:00). Karibu sana!";
    how = "Three steps, about ten minutes" | "Hatua tatu, kama dakika kumi";
    step_tell = "Tell us what you do." | "Tueleze kazi yako.";
    step_tell_say =
        "The name, the hours, what customers ask for."
        | "Jina, saa za kazi, na wateja wanachouliza.";
    step_try = "Try your bot." | "Jaribu bot yako.";
    step_try_say =
        "Write to it as a customer would, before anybody else does."
        | "Iandikie kama mteja, kabla ya mtu mwingine yeyote.";
    step_link = "Link your phone." | "Unganisha simu yako.";
    step_link_say =
        "As with WhatsApp Web: scan a code, or type one."
        | "Kama WhatsApp Web: skani msimbo, au uandike.";
    promises = "What you get" | "Unachopata";
    always = "It answers at night and on Sundays too" | "Inajibu hata usiku na Jumapili";
    own_number = "Your number and your WhatsApp stay yours" | "Namba yako na WhatsApp yako vinabaki vyako";
    person = "It calls you when a customer wants a person" | "Inakuita mteja akitaka kuongea na mtu";
}
