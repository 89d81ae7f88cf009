//! How owners and staff get in, as the portal API says it.

crate::catalogue::catalogue! { "people";
    no_key =
        "No portal may ask here: set PORTAL_INTERNAL_KEY to the same key on both sides."
        | "Hakuna portal inayoruhusiwa kuuliza hapa: weka PORTAL_INTERNAL_KEY yenye ufunguo ule ule pande zote mbili.";
    wrong_key =
        "The header x-portal-key does not hold the key in PORTAL_INTERNAL_KEY."
        | "Kichwa x-portal-key hakina ufunguo ulio kwenye PORTAL_INTERNAL_KEY.";
    no_claim =
        "The portal has to sign who is asking (header x-portal-claim). For old clients that send x-user-email alone, set PORTAL_PLAIN to on."
        | "Portal lazima isaini ni nani anayeuliza (kichwa x-portal-claim). Kwa programu za zamani zinazotuma x-user-email tu, weka PORTAL_PLAIN kuwa on.";
    wrong_claim(why) =
        "The header x-portal-claim is not taken: {why}."
        | "Kichwa x-portal-claim hakikukubaliwa: {why}.";
    session_over =
        "You are signed out. Sign in again."
        | "Umetoka. Ingia tena.";
    other_person =
        "The portal names another person than the session's. Sign in again."
        | "Portal inamtaja mtu mwingine. Ingia tena.";
    no_user =
        "Nobody is known here by this address."
        | "Hakuna mtu anayejulikana hapa kwa barua pepe hii.";
    no_tenant =
        "You belong to no business here any more. Ask whoever invited you, or the operator."
        | "Huna biashara tena hapa. Muulize aliyekualika, au msimamizi.";
    several_tenants =
        "This person belongs to several businesses. An old client cannot say which one it means; sign in to the portal and choose there."
        | "Mtu huyu ana biashara kadhaa. Programu ya zamani haiwezi kusema anamaanisha ipi; ingia kwenye portal na uchague hapo.";
    choose_tenant =
        "Choose first which of your businesses you mean."
        | "Kwanza chagua ni biashara yako ipi.";
    not_yours =
        "You do not belong to this business."
        | "Wewe si wa biashara hii.";
    owner_only =
        "Only the owner of the business may do this. Ask the owner."
        | "Ni mmiliki wa biashara tu anayeweza kufanya hivi. Muulize mmiliki.";
    only_looking =
        "You look at this portal as its owner sees it, and change nothing."
        | "Unaitazama portal hii kama mmiliki anavyoiona, na hubadilishi kitu.";
    wrong =
        "This address and password do not go together. Try again, or ask for a sign-in link."
        | "Barua pepe na nenosiri haviendani. Jaribu tena, au omba kiungo cha kuingia.";
    link_void =
        "This link is not good any more: it was used already, or its time is over. Ask for a new one."
        | "Kiungo hiki hakifanyi kazi tena: kimeshatumika, au muda wake umeisha. Omba kipya.";
    sign_in_first =
        "There is an account with this address already. Sign in to it as you always do: the invitation is accepted then."
        | "Tayari kuna akaunti yenye barua pepe hii. Ingia kama kawaida yako: mwaliko utakubaliwa hapo.";
    prove_first =
        "There is an account with this address already, and nobody has shown yet whose it is. Sign in to it and open this link again, or sign in with Google or by a link that is sent to the address, or ask the operator."
        | "Tayari kuna akaunti yenye barua pepe hii, ila bado haijathibitishwa ni ya nani. Ingia kisha ufungue tena kiungo hiki, au ingia kwa Google au kwa kiungo kinachotumwa kwa barua pepe hiyo, au muombe msimamizi.";
    no_email =
        "Email cannot be sent here yet. Ask the operator for a sign-in link."
        | "Barua pepe haziwezi kutumwa hapa bado. Muombe msimamizi kiungo cha kuingia.";
    email_form =
        "An email address looks like asha@example.com, in plain letters."
        | "Barua pepe huonekana kama asha@example.com, kwa herufi za kawaida.";
    email_taken =
        "Another person uses this address already."
        | "Mtu mwingine tayari anatumia barua pepe hii.";
    email_same =
        "This is your address already."
        | "Hii tayari ni barua pepe yako.";
    not_your_email =
        "Type your own address to confirm."
        | "Andika barua pepe yako mwenyewe ili kuthibitisha.";
    provider_form(what) =
        "The provider's answer has no usable {what}."
        | "Jibu la mtoa huduma halina {what} inayofaa.";
    member_already =
        "This person is here already."
        | "Mtu huyu tayari yupo hapa.";
    no_member =
        "There is no such person here."
        | "Hakuna mtu kama huyo hapa.";
    owner_stays =
        "Owners are removed by the operator alone. Ask the operator."
        | "Mmiliki huondolewa na msimamizi peke yake. Muombe msimamizi.";
    no_owner =
        "This tenant has no owner yet, so there is nothing to see as one. Make an owner's sign-in link first."
        | "Biashara hii haina mmiliki bado, hivyo hakuna cha kuona kama mmiliki. Kwanza tengeneza kiungo cha kuingia cha mmiliki.";
    staff_already =
        "This person is staff of this tenant. Remove the person first."
        | "Mtu huyu ni mhudumu wa biashara hii. Kwanza mwondoe.";
    no_provider_account =
        "An account of the platform's operators has no tenant."
        | "Akaunti ya msimamizi wa mfumo haina biashara.";
    password_again =
        "Sign in again by a link to set a new password, or type your current one."
        | "Ingia tena kwa kiungo ili kuweka nenosiri jipya, au andika la sasa.";
    too_many_links =
        "Too many links were asked for. Wait a while, or ask the operator."
        | "Viungo vingi mno vimeombwa. Subiri kidogo, au muombe msimamizi.";
    deletion_asked =
        "The last owner has deleted the account and asks for the deletion of this business."
        | "Mmiliki wa mwisho amefuta akaunti na anaomba biashara hii ifutwe.";
}
