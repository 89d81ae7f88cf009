//! Setup requests.

crate::catalogue::catalogue! { "setup";
    by_status = "By status" | "Kwa hali";
    intro = "Owners who ask to have their bot switched on." | "Wamiliki wanaoomba bot yao iwashwe.";
    asked_by = "Asked by" | "Ameomba";
    number = "Number" | "Namba";
    pack = "Pack" | "Seti";
    status = "Status" | "Hali";
    sent = "Sent" | "Limetumwa";
    by = "Looked after by" | "Anayelishughulikia";
    all = "All" | "Yote";
    none = "No setup requests here" | "Hakuna maombi hapa";
    none_text =
        "When an owner asks to have a bot switched on, the request waits here for your word."
        | "Mmiliki akiomba bot iwashwe, ombi linasubiri uamuzi wako hapa.";
    show_all = "Show all requests" | "Onyesha maombi yote";
    shown[count] = "{count} request" | "{count} requests" | "Ombi {count}" | "Maombi {count}";
    submitted = "Submitted" | "Limetumwa";
    reviewing = "In review" | "Linaangaliwa";
    approved = "Approved" | "Limekubaliwa";
    active = "Active" | "Linafanya kazi";
    rejected = "Rejected" | "Limekataliwa";
    submitted_say = "Waits for an operator." | "Linasubiri msimamizi.";
    reviewing_say = "An operator is looking at it." | "Msimamizi analiangalia.";
    approved_say =
        "The worker is started; the owner's phone has to scan the code."
        | "Injini imeanzishwa; simu ya mmiliki inatakiwa kuskani msimbo.";
    active_say = "The phone is linked and the bot answers." | "Simu imeunganishwa na bot inajibu.";
    rejected_say =
        "The owner reads the note and may ask again."
        | "Mmiliki anasoma maelezo na anaweza kuomba tena.";
    note = "Note to the owner" | "Maelezo kwa mmiliki";
    note_hint =
        "What they should do, like: the number belongs to somebody else, please give your own."
        | "Anachotakiwa kufanya, mfano: namba hii ni ya mtu mwingine, tafadhali weka yako.";
    title(name) = "Setup request of {name}" | "Ombi la {name}";
    take = "Take into review" | "Lichukue uliangalie";
    with_approval = "A word with the approval" | "Neno la kuambatana na idhini";
    note_any = "A note to the owner, if any" | "Maelezo kwa mmiliki, kama yapo";
    approve = "Approve and start the worker" | "Kubali na anzisha injini";
    open = "Open the tenant" | "Fungua biashara";
    asked = "What was asked for" | "Kilichoombwa";
    owner = "Owner" | "Mmiliki";
    note_word = "Note" | "Maelezo";
    reject = "Reject" | "Kataa";
    reject_it = "Reject the request" | "Kataa ombi";
    suspension = "Suspension" | "Usitishaji";
    say_why =
        "Say why, in words that the owner can act on."
        | "Eleza sababu, kwa maneno ambayo mmiliki anaweza kuyafanyia kazi.";
    open_already =
        "A request of this business is open already; wait for the operator's word on it."
        | "Tayari kuna ombi la biashara hii linalosubiri; subiri uamuzi wa msimamizi.";
    business_name = "Business name" | "Jina la biashara";
    business_type = "Kind of business" | "Aina ya biashara";
    language = "Language" | "Lugha";
    hours = "Opening hours" | "Saa za kazi";
    person_gone = "a person who is gone" | "mtu ambaye hayupo tena";
    type_long(most) =
        "The kind of business has at most {most} characters in one line."
        | "Aina ya biashara isizidi herufi {most}, kwenye mstari mmoja.";
    decided =
        "Somebody has decided this request already; reload and look again."
        | "Ombi hili limeshaamuliwa; pakia ukurasa upya na uangalie tena.";
    note_long(most, length) =
        "A note has at most {most} characters; this one has {length}."
        | "Maelezo yasizidi herufi {most}; haya yana {length}.";
}
