//! Signing in, and proving it once more.

crate::catalogue::catalogue! { "sign_in";
    title = "Sign in" | "Ingia";
    user = "Email or \"admin\"" | "Barua pepe au \"admin\"";
    user_hint =
        "With the admin password, type admin. With an account of your own, its email address."
        | "Kwa nenosiri la admin, andika admin. Kwa akaunti yako mwenyewe, andika barua pepe yake.";
    password = "Password" | "Nenosiri";
    code = "Code" | "Msimbo";
    second_factor = "Second factor" | "Hatua ya pili ya kuingia";
    second_factor_say =
        "Open your authenticator app and type the six digits that it shows for this site."
        | "Fungua app yako ya uthibitisho, kisha andika tarakimu sita inazoonyesha kwa tovuti hii.";
    lost_app =
        "Lost the app? Type one of your recovery codes."
        | "Umepoteza app? Andika mmoja wa misimbo yako ya akiba.";
    go_on = "Go on" | "Endelea";
    again = "Start again" | "Anza upya";
    confirm_say =
        "What you are about to do changes who can sign in, so your password is asked for once more. That is good for five minutes."
        | "Unachotaka kufanya kinabadilisha nani anaweza kuingia, hivyo nenosiri lako linaombwa mara moja zaidi. Linatosha kwa dakika tano.";
    confirm_code =
        "Six digits of your authenticator app, or a recovery code."
        | "Tarakimu sita za app yako ya uthibitisho, au msimbo wa akiba.";
    confirm_first =
        "Send your password, and the code of your second factor, to POST /admin/confirm first; that is good for five minutes."
        | "Kwanza tuma nenosiri lako, na msimbo wa hatua ya pili, kwa POST /admin/confirm; inatosha kwa dakika tano.";
    over = "You are signed out" | "Umetoka";
    over_say =
        "Your session has ended. Nothing that you typed is lost: sign in in another tab, come back to this one, and send it again."
        | "Muda wako wa kuingia umekwisha. Ulichoandika hakijapotea: ingia kwenye kichupo kingine, rudi hapa, kisha kitume tena.";
    over_sign_in = "Sign in in another tab" | "Ingia kwenye kichupo kingine";
    over_send = "Send it again" | "Kitume tena";
    over_here =
        "You are signed out. What you typed is still here: sign in in another tab, then press again."
        | "Umetoka. Ulichoandika bado kipo hapa: ingia kwenye kichupo kingine, kisha bonyeza tena.";
    wrong =
        "This name and password do not go together. Try again."
        | "Jina hili na nenosiri hili haviendani. Jaribu tena.";
    wrong_code =
        "This code is not right, or was used already. Wait for the next one and type that."
        | "Msimbo huu si sahihi, au umeshatumika. Subiri unaofuata, kisha andika huo.";
    wrong_password = "This is not your password." | "Hili si nenosiri lako.";
    wrong_any =
        "What was sent does not go together; try again."
        | "Ulichotuma hakiendani; jaribu tena.";
    too_many =
        "Too many sign-ins are being checked at once; try again in a second."
        | "Watu wengi mno wanaingia kwa wakati mmoja; jaribu tena baada ya sekunde moja.";
    not_before(at) =
        "Too many codes were tried for this account: the next one counts from {at} UTC on. A recovery code works at once."
        | "Misimbo mingi mno imejaribiwa kwenye akaunti hii: unaofuata utahesabiwa kuanzia {at} UTC. Msimbo wa akiba unafanya kazi papo hapo.";
    no_sessions =
        "Sessions cannot be read at the moment; try again."
        | "Haijulikani kwa sasa nani ameingia; jaribu tena.";
    password_first =
        "Sign in with the password first; a code is waited for 5 minutes."
        | "Ingia kwanza kwa nenosiri; msimbo unasubiriwa kwa dakika 5.";
}
