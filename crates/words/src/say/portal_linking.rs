//! Linking the owner's phone.

crate::catalogue::catalogue! { "portal_linking";
    title = "Link your phone" | "Unganisha simu yako";
    intro(number) =
        "The bot becomes one of the linked devices of {number}, as WhatsApp Web does. Your phone goes on as always."
        | "Bot inakuwa moja ya vifaa vilivyounganishwa vya {number}, kama WhatsApp Web. Simu yako inaendelea kama kawaida.";
    one_phone = "On this one phone" | "Kwa simu hii hii moja";
    one_phone_say =
        "A code of eight letters, which you type in WhatsApp."
        | "Msimbo wa herufi nane, ambao utauandika kwenye WhatsApp.";
    get_code = "Give me a code to type" | "Nipe msimbo wa kuandika";
    code_is(number) = "Type this in WhatsApp on {number}" | "Andika huu kwenye WhatsApp ya {number}";
    copy = "Copy the code" | "Nakili msimbo";
    copied = "Copied" | "Umenakiliwa";
    selected = "Selected" | "Umechaguliwa";
    two_devices = "Scan from another screen" | "Skani kutoka skrini nyingine";
    two_devices_say =
        "Open this page on a computer or another phone, and scan with the phone of the business."
        | "Fungua ukurasa huu kwenye kompyuta au simu nyingine, kisha skani kwa simu ya biashara.";
    open = "Open WhatsApp." | "Fungua WhatsApp.";
    open_say = "On the phone with your business's number." | "Kwenye simu yenye namba ya biashara.";
    menu = "Linked devices." | "Vifaa vilivyounganishwa.";
    menu_say = "Tap the three dots above; on an iPhone, Settings below." | "Gusa nukta tatu juu; kwenye iPhone, Mipangilio chini.";
    scan = "Link a device, and scan." | "Unganisha kifaa, kisha skani.";
    scan_say = "Hold the camera over the code." | "Elekeza kamera kwenye msimbo.";
    instead = "Link with phone number instead." | "Unganisha kwa namba ya simu badala yake.";
    instead_say = "After Link a device, below the camera." | "Baada ya Unganisha kifaa, chini ya kamera.";
    type_it = "Type the eight letters." | "Andika herufi nane.";
    type_it_say = "WhatsApp may send a notice that leads there; that is fine too." | "WhatsApp inaweza kutuma taarifa inayokupeleka huko; hiyo pia ni sawa.";
    picture_open = "A phone with WhatsApp's icon" | "Simu yenye alama ya WhatsApp";
    picture_menu = "A menu with Linked devices marked" | "Menyu yenye Vifaa vilivyounganishwa";
    picture_scan = "A camera over a code" | "Kamera juu ya msimbo";
    picture_instead = "A camera, and below it the way by number" | "Kamera, na chini yake njia ya namba";
    picture_type = "Eight boxes for letters" | "Visanduku nane vya herufi";
    getting = "Getting a code from WhatsApp …" | "Inapata msimbo kutoka WhatsApp …";
    none_yet = "There is nothing to link yet" | "Bado hakuna cha kuunganisha";
    none_yet_say = "Once your request is approved, the code is here." | "Ombi lako likikubaliwa, msimbo utakuwa hapa.";
    to_status = "Back to where it stands" | "Rudi kuona ilipofikia";
    linked = "Linked!" | "Imeunganishwa!";
    linked_say(number) = "{number} answers its customers from now on." | "Kuanzia sasa {number} inajibu wateja wake.";
    going = "Your page opens in a moment." | "Ukurasa wako utafunguka baada ya muda mfupi.";
    stay = "Stay here" | "Baki hapa";
    go_on = "Go on" | "Endelea";
    phone_linked = "Your phone is linked" | "Simu yako imeunganishwa";
    number = "Number" | "Namba";
    since = "Since" | "Tangu";
    seen = "Last connected" | "Mara ya mwisho hewani";
    device = "Name in WhatsApp's list" | "Jina kwenye orodha ya WhatsApp";
    unlink_head = "Unlink the phone" | "Tenganisha simu";
    unlink_say =
        "The bot then answers nobody. Messages and bookings stay here, and you can link it again at any time."
        | "Baada ya hapo bot haitamjibu mtu. Ujumbe na miadi vinabaki hapa, na unaweza kuiunganisha tena wakati wowote.";
    unlink_field(name) = "Type {name} to confirm" | "Andika {name} kuthibitisha";
    unlink = "Unlink" | "Tenganisha";
    unlink_wrong(name) = "Write the name as it stands here: {name}." | "Andika jina kama lilivyo hapa: {name}.";
    removed = "The phone removed the bot" | "Simu imeiondoa bot";
    removed_say =
        "That happens when somebody taps Log out in Linked devices, or when the phone was away for two weeks. Nothing is lost: get a new code and link it again."
        | "Hii hutokea mtu akigusa Ondoka kwenye Vifaa vilivyounganishwa, au simu ikikaa wiki mbili bila mtandao. Hakuna kilichopotea: pata msimbo mpya na uunganishe tena.";
    again = "Get a new code" | "Pata msimbo mpya";
    away = "The phone is linked, and the line is away" | "Simu imeunganishwa, ila mtandao umekatika";
    away_say = "It comes back by itself." | "Utarudi wenyewe.";
    owner_links = "The owner links and unlinks the phone." | "Mmiliki ndiye anayeunganisha na kutenganisha simu.";
}
