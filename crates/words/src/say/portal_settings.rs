//! Oneself, staff, notifications and data, as the owner's portal shows them.

crate::catalogue::catalogue! { "portal_settings";
    you = "You" | "Wewe";
    name = "Your name" | "Jina lako";
    phone = "Your own number" | "Namba yako mwenyewe";
    phone_hint =
        "Where your bot tells you that a customer waits, like +255 712 345 678."
        | "Ambapo bot inakuambia kwamba mteja anakusubiri, kama +255 712 345 678.";
    language = "Language of these pages" | "Lugha ya kurasa hizi";
    save = "Save" | "Hifadhi";
    saved = "Saved." | "Imehifadhiwa.";
    sign_in = "Signing in" | "Kuingia";
    email = "Email" | "Barua pepe";
    email_new = "New email address" | "Barua pepe mpya";
    email_hint =
        "It is confirmed at both addresses: at the old one and at the new one."
        | "Inathibitishwa kwenye barua pepe zote mbili: ya zamani na mpya.";
    email_change = "Change the address" | "Badilisha barua pepe";
    email_asked =
        "We have written to both addresses. Open the link in each of the two messages."
        | "Tumeandika kwenye barua pepe zote mbili. Fungua kiungo kwenye kila ujumbe.";
    password_set = "Set a password" | "Weka nenosiri";
    password_change = "Change the password" | "Badilisha nenosiri";
    password_now = "Password of now" | "Nenosiri la sasa";
    password_new = "New password" | "Nenosiri jipya";
    password_hint = "At least 12 characters, and none that everybody uses." | "Angalau herufi 12, na si linalotumiwa na wengi.";
    password_done =
        "The password is set. You are signed out everywhere else."
        | "Nenosiri limewekwa. Umetolewa kwingine kote.";
    end_all = "Sign out everywhere" | "Toka kila mahali";
    end_all_say = "If a phone was lost, or somebody else knows your password." | "Kama simu imepotea, au mtu mwingine anajua nenosiri lako.";
    told = "What you are told" | "Unachoambiwa";
    waiting = "A customer waits for me" | "Mteja ananisubiri";
    removed = "The phone was removed, so that nobody is answered" | "Simu imeondolewa, na hakuna anayejibiwa";
    summary = "What happened today" | "Yaliyotokea leo";
    summary_at = "Summary goes out at" | "Muhtasari hutumwa saa";
    by_email = "Email" | "Barua pepe";
    by_push = "Notice on this phone" | "Taarifa kwenye simu hii";
    no_email = "Email is not set up by the operator yet." | "Msimamizi bado hajaweka barua pepe.";
    push_on = "Allow notices on this device" | "Ruhusu taarifa kwenye kifaa hiki";
    browsers[count] = "1 device gets notices" | "{count} devices get notices" | "Kifaa 1 kinapata taarifa" | "Vifaa {count} vinapata taarifa";
    staff = "Your staff" | "Wahudumu wako";
    staff_say =
        "Staff read and answer messages and keep bookings and orders. They change no settings and download nothing."
        | "Wahudumu wanasoma na kujibu ujumbe, na kutunza miadi na oda. Hawabadilishi mipangilio wala kupakua chochote.";
    invite = "Invite" | "Alika";
    invite_name = "Name" | "Jina";
    invite_email = "Email" | "Barua pepe";
    invited_by_email = "The invitation is on its way by email." | "Mwaliko umetumwa kwa barua pepe.";
    invited_link =
        "Pass this link on to the person, by WhatsApp for example. It is shown only now, and works once."
        | "Mpe mtu huyo kiungo hiki, kwa mfano kwa WhatsApp. Kinaonyeshwa sasa tu, na kinatumika mara moja.";
    remove = "Remove" | "Ondoa";
    removed_member = "Removed, and signed out at once." | "Ameondolewa, na ametolewa papo hapo.";
    owner = "Owner" | "Mmiliki";
    member = "Staff" | "Mhudumu";
    not_come = "has not come yet" | "bado hajaja";
    yourself = "you" | "wewe";
    activity = "What was done" | "Yaliyofanyika";
    activity_say = "Who changed what, and when an operator looked." | "Nani alibadilisha nini, na msimamizi alipoangalia.";
    activity_none = "Nothing so far." | "Bado hakuna.";
    activity_more = "Earlier" | "Ya awali";
    data = "Your data" | "Data yako";
    export = "Download everything" | "Pakua kila kitu";
    export_say =
        "All that is kept of your business, as one file: messages, customers, bookings, orders, settings."
        | "Yote tunayohifadhi ya biashara yako, kwenye faili moja: ujumbe, wateja, miadi, oda, mipangilio.";
    delete = "Delete my account" | "Futa akaunti yangu";
    delete_say =
        "Your account goes at once and cannot be brought back. Where you are the last owner, the bot stops and the operator deletes the business."
        | "Akaunti yako inafutwa papo hapo na hairudi. Ukiwa mmiliki wa mwisho, bot inasimama na msimamizi anafuta biashara.";
    delete_email = "Type your email address to confirm" | "Andika barua pepe yako kuthibitisha";
    deleted =
        "Your account is deleted. Thank you for having been here."
        | "Akaunti yako imefutwa. Asante kwa kuwa nasi.";
    deleted_business(names) =
        "The bot of {names} is stopped, and its data will be deleted."
        | "Bot ya {names} imesimamishwa, na data yake itafutwa.";
    looking = "Only the person themselves can change this." | "Mhusika mwenyewe tu ndiye anayeweza kubadilisha hii.";
}
