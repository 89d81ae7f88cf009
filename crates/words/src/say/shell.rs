//! The frame of every page.

crate::catalogue::catalogue! { "shell";
    skip = "Skip to content" | "Ruka hadi kwenye maudhui";
    main_nav = "Main" | "Menyu kuu";
    theme = "Change between light and dark" | "Badili mwanga au giza";
    account_of(name) = "Account of {name}" | "Akaunti ya {name}";
    typed =
        "What you had typed is here again. It has not been saved yet."
        | "Ulichoandika kipo hapa tena. Bado hakijahifadhiwa.";
    sign_out = "Sign out" | "Toka";
    virtual_build =
        "This build speaks to the virtual WhatsApp only. No real phone can be linked, and no real message is sent."
        | "Toleo hili linaongea na WhatsApp ya majaribio tu. Simu halisi haiwezi kuunganishwa, na hakuna ujumbe halisi unaotumwa.";
    away =
        "Not live: the server has not been heard. What stands here may be old; this goes on by itself."
        | "Si ya sasa: seva haijasikika. Yaliyopo hapa yanaweza kuwa ya zamani; itaendelea yenyewe.";
    source = "Source code (AGPL-3.0)" | "Msimbo wa programu (AGPL-3.0)";
    tenants = "Tenants" | "Biashara";
    setup_requests = "Setup requests" | "Maombi";
    audit = "Audit" | "Kumbukumbu";
    operators = "Operators" | "Wasimamizi";
    system = "System" | "Mfumo";
    your_account = "Your account" | "Akaunti yako";
}
