//! Linking a phone.

crate::catalogue::catalogue! { "linking";
    good_for_counting = "Good for # s" | "Unatumika kwa sek #";
    void = "This code is void now" | "Msimbo huu umeisha muda";
    new_code_counting = "A new code in # s" | "Msimbo mpya baada ya sek #";
    waiting_next = "Waiting for the next code …" | "Inasubiri msimbo unaofuata …";
    new_code_in(seconds) = "A new code in {seconds} s" | "Msimbo mpya baada ya sek {seconds}";
    good_for(seconds) = "Good for {seconds} s" | "Unatumika kwa sek {seconds}";
    qr_comes_back =
        "Once this code is void, a QR code to scan comes back."
        | "Msimbo huu ukiisha muda, msimbo wa QR wa kuskani utarudi.";
    step_open = "Open WhatsApp on the business's phone" | "Fungua WhatsApp kwenye simu ya biashara";
    step_menu =
        "Tap the menu or Settings, then Linked devices"
        | "Gusa menyu au Mipangilio, kisha Vifaa vilivyounganishwa";
    step_scan =
        "Tap Link a device and point the phone at this code"
        | "Gusa Unganisha kifaa, kisha elekeza simu kwenye msimbo huu";
    step_open_number(number) =
        "Open WhatsApp on the phone with the number {number}"
        | "Fungua WhatsApp kwenye simu yenye namba {number}";
    step_menu_link =
        "Tap the menu or Settings, then Linked devices, then Link a device"
        | "Gusa menyu au Mipangilio, kisha Vifaa vilivyounganishwa, kisha Unganisha kifaa";
    step_with_number =
        "Tap Link with phone number instead"
        | "Gusa Unganisha kwa namba ya simu badala yake";
    step_type = "Type this code" | "Andika msimbo huu";
    code_label = "Code to scan" | "Msimbo wa kuskani";
    linked = "Linked" | "Imeunganishwa";
    linked_say(number) =
        "{number} is linked. The bot answers its customers from now on."
        | "{number} imeunganishwa. Kuanzia sasa bot inajibu wateja wake.";
    getting = "Getting a code from WhatsApp …" | "Inapata msimbo kutoka WhatsApp …";
    no_camera = "Nothing to scan with?" | "Huna cha kuskani?";
    use_code = "Link with a code instead" | "Tumia msimbo wa kuandika";
    number_first =
        "A code to type works with one number alone, so that it has to be known first."
        | "Msimbo wa kuandika unafanya kazi na namba moja tu, hivyo lazima ijulikane kwanza.";
    enter_number = "Enter the WhatsApp number" | "Weka namba ya WhatsApp";
    code_is_there =
        "The code to type on the phone is on the page."
        | "Msimbo wa kuandika kwenye simu uko kwenye ukurasa.";
    code_needs_number =
        "A code works on the phone with one number alone: enter the tenant's WhatsApp number first."
        | "Msimbo unafanya kazi kwenye simu yenye namba moja tu: weka kwanza namba ya WhatsApp ya biashara.";
    linked_already =
        "A phone is linked already: unlink the device first."
        | "Simu imeshaunganishwa: tenganisha kifaa kwanza.";
    unlinked = "The device is unlinked." | "Kifaa kimetenganishwa.";
    none_now(state) = "There is no code to scan now: the session is {state}." | "Hakuna msimbo wa kuskani sasa: muunganisho uko {state}.";
}
