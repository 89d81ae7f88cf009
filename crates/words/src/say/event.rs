//! Types of the audit log.

crate::catalogue::catalogue! { "event";
    tenant_created = "Tenant created" | "Biashara imeongezwa";
    tenant_changed = "Tenant changed" | "Biashara imebadilishwa";
    tenant_noted = "Private notes changed" | "Maelezo ya ndani yamebadilishwa";
    tenant_deleted = "Tenant deleted" | "Biashara imefutwa";
    tenant_suspended = "Tenant suspended" | "Biashara imesitishwa";
    tenant_suspension_lifted = "Suspension lifted" | "Usitishaji umeondolewa";
    profile_changed = "Business profile changed" | "Maelezo ya biashara yamebadilishwa";
    record_changed = "Booking, order or ticket changed by hand" | "Miadi, oda au suala limebadilishwa na mtu";
    records_exported = "Bookings, orders or tickets exported" | "Miadi, oda au masuala yamepakuliwa";
    worker_started = "Worker started" | "Injini imeanzishwa";
    worker_stopped = "Worker stopped" | "Injini imesimamishwa";
    worker_restarted = "Worker restarted" | "Injini imeanzishwa upya";
    worker_force_restarted = "Worker restarted by force" | "Injini imelazimishwa kuanza upya";
    worker_stale = "Worker silent" | "Injini iko kimya";
    worker_slowed =
        "Worker beyond its share, taken in more slowly"
        | "Injini imezidi sehemu yake, inapokelewa polepole";
    worker_crash_loop = "Worker fails again and again" | "Injini inaanguka mara kwa mara";
    session_connected = "Phone linked" | "Simu imeunganishwa";
    session_refused = "WhatsApp refused the session" | "WhatsApp imekataa muunganisho";
    session_logged_out = "Phone removed the device" | "Simu imeondoa kifaa";
    session_corrupt = "Session damaged" | "Data ya muunganisho imeharibika";
    session_away_too_long =
        "Away from WhatsApp for too long"
        | "Haikuwa hewani WhatsApp kwa muda mrefu mno";
    number_held = "Other number linked" | "Namba nyingine imeunganishwa";
    number_confirmed = "Number confirmed" | "Namba imethibitishwa kuwa sahihi";
    device_unlinked = "Device unlinked" | "Kifaa kimetenganishwa";
    pairing_code_requested = "Code to type asked for" | "Msimbo wa kuandika umeombwa";
    chat_handed_back = "Chat given back to the bot" | "Mazungumzo yamerudishwa kwa bot";
    chat_taken_over = "Chat taken over" | "Mazungumzo yamepokelewa na mtu";
    message_sent = "Message sent by hand" | "Ujumbe umetumwa na mtu";
    conversation_read = "Conversations read" | "Mazungumzo yamesomwa";
    conversation_exported = "Conversations exported" | "Mazungumzo yamepakuliwa";
    contact_exported = "Customer data exported" | "Data za mteja zimepakuliwa";
    customer_noted = "Customer's notes changed" | "Maelezo ya mteja yamebadilishwa";
    tenant_exported = "All data of the business exported" | "Data zote za biashara zimepakuliwa";
    customers_exported = "Customers exported" | "Orodha ya wateja imepakuliwa";
    contact_erased = "Customer forgotten" | "Data za mteja zimefutwa";
    contact_erasure_ordered = "Customer to be forgotten" | "Data za mteja zitafutwa";
    tenants_exported = "List of tenants exported" | "Orodha ya biashara imepakuliwa";
    tenants_imported = "Tenants imported" | "Biashara zimeingizwa";
    events_exported = "Audit log exported" | "Kumbukumbu zimepakuliwa";
    setup_request_submitted = "Setup request submitted" | "Ombi limetumwa";
    setup_request_reviewing = "Setup request in review" | "Ombi linaangaliwa";
    setup_request_approved = "Setup request approved" | "Ombi limekubaliwa";
    setup_request_active = "Setup request active" | "Ombi limekamilika";
    setup_request_rejected = "Setup request rejected" | "Ombi limekataliwa";
    member_added = "Person added" | "Mtu ameongezwa";
    member_status_changed = "Person changed" | "Hali ya mtu imebadilika";
    alert_tested = "Test alert sent" | "Jaribio la tahadhari limetumwa";
    tenant_moved_out = "Moved to another installation" | "Imehamishiwa mfumo mwingine";
    tenant_moved_in = "Came from another installation" | "Imetoka mfumo mwingine";
    tenant_move_begun = "Move to another host begun" | "Kuhamia mashine nyingine kumeanza";
    tenant_placed = "Host of the tenant changed" | "Mashine ya biashara imebadilika";
    host_drained = "Host being emptied" | "Mashine inaondolewa biashara";
    host_readied = "Host taken into use again" | "Mashine imerudishwa kazini";
    hosts_evened = "Hosts being evened out" | "Mashine zinasawazishwa";
    host_lost = "Host given up" | "Mashine imeachwa";
    move_key_given = "Move key made" | "Ufunguo wa kuhamisha umetengenezwa";
    master_key_changed = "Master key changed" | "Ufunguo mkuu umebadilishwa";
    backup_made = "Backup made" | "Nakala ya akiba imefanywa";
    signed_in = "Signed in" | "Ameingia";
    signed_out = "Signed out" | "Ametoka";
    sign_in_failed = "Sign-in failed" | "Kuingia kumeshindikana";
    operator_added = "Operator added" | "Msimamizi ameongezwa";
    operator_removed = "Operator removed" | "Msimamizi ameondolewa";
    operator_password_changed = "Password changed" | "Nenosiri limebadilishwa";
    operator_second_factor_set = "Second factor set up" | "Hatua ya pili ya kuingia imewekwa";
    operator_second_factor_removed =
        "Second factor removed"
        | "Hatua ya pili ya kuingia imeondolewa";
    session_lost = "Session lost" | "Muunganisho umepotea";
    number_claim_ended = "Number free for another tenant" | "Namba iko huru kwa biashara nyingine";
    unlink_ordered = "Unlinking ordered" | "Kutenganisha kumeagizwa";
    unlink_unconfirmed =
        "Unlinking not confirmed by WhatsApp"
        | "WhatsApp haijathibitisha kutenganishwa";
    invitation_accepted = "Invitation accepted" | "Mwaliko umekubaliwa";
    member_invited = "Person invited" | "Mtu amealikwa";
    owner_link_made = "Sign-in link made for an owner" | "Kiungo cha kuingia cha mmiliki kimetengenezwa";
    portal_look_begun =
        "Operator looks at the owner's portal"
        | "Msimamizi anaitazama portal ya mmiliki";
    email_changed = "Email address changed" | "Barua pepe imebadilishwa";
    password_set = "Password of a person set" | "Nenosiri la mtu limewekwa";
    account_deleted = "Person deleted their account" | "Mtu amefuta akaunti yake";
    tenant_deletion_asked = "Deletion of the tenant asked for" | "Kufutwa kwa biashara kumeombwa";
    confirmed = "Identity confirmed" | "Amethibitisha kuwa ni yeye";
}

/// Every type, as the log has it, with its words.
pub fn types() -> impl Iterator<Item = (String, &'static str)> {
    ALL.iter().map(|entry| {
        let code = entry.key.to_ascii_uppercase();
        let word = of(&code).unwrap_or(entry.key);
        (code, word)
    })
}

/// What happened, in words; `None` for a type that has none.
#[must_use]
pub fn of(event_type: &str) -> Option<&'static str> {
    let entry = ALL.iter().find(|entry| entry.key.eq_ignore_ascii_case(event_type))?;
    let forms = match crate::language() {
        domain::Language::En => entry.en,
        domain::Language::Sw => entry.sw,
    };
    forms.first().copied()
}
