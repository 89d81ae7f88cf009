//! Emails to owners and staff.

crate::catalogue::catalogue! { "letters";
    sign_in_subject(brand) = "Sign in to {brand}" | "Ingia kwenye {brand}";
    sign_in_say =
        "Open this link to sign in. It can be used once."
        | "Fungua kiungo hiki ili kuingia. Kinatumika mara moja tu.";
    reset_subject(brand) = "A new password for {brand}" | "Nenosiri jipya la {brand}";
    reset_say =
        "Open this link to sign in and set a new password. It can be used once."
        | "Fungua kiungo hiki ili kuingia na kuweka nenosiri jipya. Kinatumika mara moja tu.";
    invitation_subject(brand, business) =
        "{business} invites you to {brand}"
        | "{business} inakualika kwenye {brand}";
    invitation_say(who, business) =
        "{who} invites you to help {business} answer its customers. Open this link to accept. It can be used once."
        | "{who} anakualika kuisaidia {business} kuwajibu wateja wake. Fungua kiungo hiki ili kukubali. Kinatumika mara moja tu.";
    change_subject(brand) = "Confirm your new email address for {brand}" | "Thibitisha barua pepe yako mpya ya {brand}";
    change_say(email) =
        "Your account is to use the address {email}. Open this link to confirm. The address changes once it is confirmed from both mailboxes, the old one and the new one."
        | "Akaunti yako itatumia barua pepe {email}. Fungua kiungo hiki ili kuthibitisha. Barua pepe itabadilika ikishathibitishwa kutoka pande zote mbili, ya zamani na mpya.";
    until(at) = "The link can be used until {at}." | "Kiungo kinatumika hadi {at}.";
    not_you =
        "If you did not ask for this, do nothing: without the link nobody gets in."
        | "Kama hukuomba hili, usifanye lolote: bila kiungo hakuna anayeweza kuingia.";
}
