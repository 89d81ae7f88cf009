//! How an operator lets an owner in, and looks at the portal as the owner sees it.

crate::catalogue::catalogue! { "owners";
    title = "Owner's portal" | "Portal ya mmiliki";
    say =
        "The owner signs in to the portal by a link that you pass on. It can be used once and is over after a week."
        | "Mmiliki anaingia kwenye portal kwa kiungo unachompa. Kinatumika mara moja tu na muda wake unaisha baada ya wiki.";
    email = "Owner's email" | "Barua pepe ya mmiliki";
    email_hint = "The owner signs in with it later." | "Mmiliki ataingia kwa hiyo baadaye.";
    name = "Owner's name" | "Jina la mmiliki";
    make = "Make a sign-in link" | "Tengeneza kiungo cha kuingia";
    link_title = "Sign-in link of an owner" | "Kiungo cha kuingia cha mmiliki";
    link_say(email) =
        "Pass this link on to {email}, by WhatsApp for instance. It is shown this once, can be used once, and is over after a week. Whoever has it gets in."
        | "Mpe {email} kiungo hiki, kwa mfano kwa WhatsApp. Kinaonyeshwa mara hii tu, kinatumika mara moja, na muda wake unaisha baada ya wiki. Yeyote aliye nacho ataingia.";
    look = "See the portal as the owner does" | "Itazame portal kama mmiliki";
    look_say =
        "You change nothing there, and the owner reads that you looked."
        | "Hutabadilisha kitu, na mmiliki ataona kwamba umetazama.";
    look_title = "The portal as the owner sees it" | "Portal kama mmiliki anavyoiona";
    look_made =
        "This link can be used once, within a minute. The look ends after half an hour; the owner reads that you looked."
        | "Kiungo hiki kinatumika mara moja, ndani ya dakika moja. Kutazama kunaisha baada ya nusu saa; mmiliki ataona kwamba umetazama.";
    look_open = "Open the portal" | "Fungua portal";
    back(name) = "Back to {name}" | "Rudi kwa {name}";
}
