//! The audit log in sentences: who did what to which tenant. A key is a type of the log; what nobody in particular did
//! names nobody.

crate::catalogue::catalogue! { "did";
    tenant_created(who, tenant) = "{who} created {tenant}" | "{who} ameongeza {tenant}";
    tenant_changed(who, tenant) = "{who} changed {tenant}" | "{who} amebadilisha {tenant}";
    tenant_noted(who, tenant) =
        "{who} changed the private notes on {tenant}"
        | "{who} amebadilisha maelezo ya ndani ya {tenant}";
    tenant_deleted(who, tenant) = "{who} deleted {tenant}" | "{who} amefuta {tenant}";
    tenant_suspended(who, tenant) = "{who} suspended {tenant}" | "{who} amesitisha {tenant}";
    tenant_suspension_lifted(who, tenant) =
        "{who} lifted the suspension of {tenant}"
        | "{who} ameondoa usitishaji wa {tenant}";
    profile_changed(who, tenant) =
        "{who} changed what the bot of {tenant} knows"
        | "{who} amebadilisha yale ambayo bot ya {tenant} inayajua";
    record_changed(who, tenant) =
        "{who} changed a booking, order or ticket of {tenant} by hand"
        | "{who} amebadilisha miadi, oda au suala la {tenant}";
    records_exported(who, tenant) =
        "{who} exported bookings, orders or tickets of {tenant}"
        | "{who} amepakua miadi, oda au masuala ya {tenant}";
    worker_started(who, tenant) = "{who} started the bot of {tenant}" | "{who} ameanzisha bot ya {tenant}";
    worker_stopped(who, tenant) = "{who} stopped the bot of {tenant}" | "{who} amesimamisha bot ya {tenant}";
    worker_restarted(who, tenant) =
        "{who} restarted the bot of {tenant}"
        | "{who} ameanzisha upya bot ya {tenant}";
    worker_force_restarted(who, tenant) =
        "{who} restarted the bot of {tenant} by force"
        | "{who} amelazimisha bot ya {tenant} kuanza upya";
    worker_stale(tenant) = "The bot of {tenant} fell silent" | "Bot ya {tenant} imekuwa kimya";
    worker_slowed(tenant) =
        "The bot of {tenant} went beyond its share and is taken in more slowly"
        | "Bot ya {tenant} imezidi sehemu yake na inapokelewa polepole";
    worker_crash_loop(tenant) =
        "The bot of {tenant} failed again and again"
        | "Bot ya {tenant} imeanguka mara kwa mara";
    session_connected(tenant) = "A phone was linked to {tenant}" | "Simu imeunganishwa na {tenant}";
    session_refused(tenant) =
        "WhatsApp refused the session of {tenant}"
        | "WhatsApp imekataa muunganisho wa {tenant}";
    session_logged_out(tenant) =
        "The phone of {tenant} removed the device"
        | "Simu ya {tenant} imeondoa kifaa";
    session_corrupt(tenant) =
        "The session of {tenant} was found damaged"
        | "Data ya muunganisho ya {tenant} imeharibika";
    session_away_too_long(tenant) =
        "{tenant} was away from WhatsApp for too long"
        | "{tenant} haikuwa hewani WhatsApp kwa muda mrefu mno";
    session_lost(tenant) = "The session of {tenant} was lost" | "Muunganisho wa {tenant} umepotea";
    number_held(tenant) =
        "Another number than the declared one was linked to {tenant}"
        | "Namba tofauti na iliyotajwa imeunganishwa na {tenant}";
    number_confirmed(who, tenant) =
        "{who} confirmed the number of {tenant}"
        | "{who} amethibitisha namba ya {tenant}";
    number_claim_ended(tenant) =
        "The number of {tenant} is free for another tenant"
        | "Namba ya {tenant} iko huru kwa biashara nyingine";
    device_unlinked(who, tenant) =
        "{who} unlinked the device of {tenant}"
        | "{who} ametenganisha kifaa cha {tenant}";
    unlink_ordered(who, tenant) =
        "{who} ordered the device of {tenant} to be unlinked"
        | "{who} ameagiza kifaa cha {tenant} kitenganishwe";
    unlink_unconfirmed(tenant) =
        "WhatsApp did not confirm that the device of {tenant} is unlinked"
        | "WhatsApp haijathibitisha kwamba kifaa cha {tenant} kimetenganishwa";
    pairing_code_requested(who, tenant) =
        "{who} asked for a code to link {tenant}"
        | "{who} ameomba msimbo wa kuunganisha {tenant}";
    chat_handed_back(who, tenant) =
        "{who} gave a chat of {tenant} back to the bot"
        | "{who} ameirudishia bot ya {tenant} mazungumzo";
    chat_taken_over(who, tenant) =
        "{who} took over a chat of {tenant}"
        | "{who} amepokea mazungumzo ya {tenant}";
    message_sent(who, tenant) =
        "{who} sent a message by hand for {tenant}"
        | "{who} ametuma ujumbe kwa niaba ya {tenant}";
    conversation_read(who, tenant) =
        "{who} read conversations of {tenant}"
        | "{who} amesoma mazungumzo ya {tenant}";
    conversation_exported(who, tenant) =
        "{who} exported conversations of {tenant}"
        | "{who} amepakua mazungumzo ya {tenant}";
    contact_exported(who, tenant) =
        "{who} exported the data of a customer of {tenant}"
        | "{who} amepakua data za mteja wa {tenant}";
    customer_noted(who, tenant) =
        "{who} changed the notes on a customer of {tenant}"
        | "{who} amebadilisha maelezo ya mteja wa {tenant}";
    tenant_exported(who, tenant) =
        "{who} exported all data of {tenant}"
        | "{who} amepakua data zote za {tenant}";
    customers_exported(who, tenant) =
        "{who} exported the customers of {tenant}"
        | "{who} amepakua orodha ya wateja wa {tenant}";
    contact_erased(tenant) = "A customer of {tenant} was forgotten" | "Data za mteja wa {tenant} zimefutwa";
    contact_erasure_ordered(who, tenant) =
        "{who} ordered a customer of {tenant} to be forgotten"
        | "{who} ameagiza data za mteja wa {tenant} zifutwe";
    tenants_exported(who) = "{who} exported the list of tenants" | "{who} amepakua orodha ya biashara";
    tenants_imported(who) =
        "{who} imported tenants from a table"
        | "{who} ameingiza biashara kutoka kwenye jedwali";
    events_exported(who) = "{who} exported the audit log" | "{who} amepakua kumbukumbu";
    setup_request_submitted(who, tenant) =
        "{who} sent a setup request for {tenant}"
        | "{who} ametuma ombi la {tenant}";
    setup_request_reviewing(who, tenant) =
        "{who} took up the setup request of {tenant}"
        | "{who} ameanza kuangalia ombi la {tenant}";
    setup_request_approved(who, tenant) =
        "{who} approved the setup request of {tenant}"
        | "{who} amekubali ombi la {tenant}";
    setup_request_active(tenant) =
        "The setup request of {tenant} came to its end"
        | "Ombi la {tenant} limekamilika";
    setup_request_rejected(who, tenant) =
        "{who} rejected the setup request of {tenant}"
        | "{who} amekataa ombi la {tenant}";
    member_added(who, tenant) = "{who} added a person to {tenant}" | "{who} ameongeza mtu kwenye {tenant}";
    member_status_changed(who, tenant) =
        "{who} changed what a person of {tenant} may do"
        | "{who} amebadilisha hali ya mtu wa {tenant}";
    member_invited(who, tenant) =
        "{who} invited a person to {tenant}"
        | "{who} amealika mtu kwenye {tenant}";
    invitation_accepted(who, tenant) =
        "{who} accepted an invitation to {tenant}"
        | "{who} amekubali mwaliko wa {tenant}";
    owner_link_made(who, tenant) =
        "{who} made a sign-in link for an owner of {tenant}"
        | "{who} ametengeneza kiungo cha kuingia cha mmiliki wa {tenant}";
    portal_look_begun(who, tenant) =
        "{who} looked at the portal of {tenant} as its owner sees it"
        | "{who} ameitazama portal ya {tenant} kama mmiliki anavyoiona";
    email_changed(who) = "{who} changed their email address" | "{who} amebadilisha barua pepe yake";
    password_set(who) = "{who} set a password" | "{who} ameweka nenosiri";
    account_deleted(who) = "{who} deleted their account" | "{who} amefuta akaunti yake";
    tenant_deletion_asked(who, tenant) =
        "{who} asked for {tenant} to be deleted"
        | "{who} ameomba {tenant} ifutwe";
    tenant_moved_out(who, tenant) =
        "{who} moved {tenant} to another installation"
        | "{who} amehamishia {tenant} kwenye mfumo mwingine";
    tenant_moved_in(who, tenant) =
        "{who} took {tenant} in from another installation"
        | "{who} amepokea {tenant} kutoka mfumo mwingine";
    tenant_move_begun(who, tenant) =
        "{who} began to move {tenant} to another host"
        | "{who} ameanza kuhamishia {tenant} mashine nyingine";
    tenant_placed(tenant) = "{tenant} runs on another host" | "{tenant} inaendeshwa kwenye mashine nyingine";
    host_drained(who) = "{who} had a host emptied" | "{who} ameondoa biashara kwenye mashine";
    host_readied(who) = "{who} took a host into use again" | "{who} amerudisha mashine kazini";
    hosts_evened(who) =
        "{who} had tenants moved until hosts are evenly filled"
        | "{who} amehamisha biashara ili mashine zijae sawasawa";
    host_lost(who) = "{who} gave a host up as lost" | "{who} ameacha mashine iliyopotea";
    move_key_given(who) =
        "{who} made a move key for a tenant of another installation"
        | "{who} ametengeneza ufunguo wa kuhamisha biashara ya mfumo mwingine";
    master_key_changed = "The master key was changed" | "Ufunguo mkuu umebadilishwa";
    backup_made(who) = "{who} made a backup" | "{who} amefanya nakala ya akiba";
    alert_tested(who) = "{who} sent a test alert" | "{who} ametuma jaribio la tahadhari";
    signed_in(who) = "{who} signed in" | "{who} ameingia";
    signed_out(who) = "{who} signed out" | "{who} ametoka";
    sign_in_failed = "Somebody tried to sign in, in vain" | "Mtu amejaribu kuingia bila kufanikiwa";
    confirmed(who) = "{who} confirmed who they are" | "{who} amethibitisha kuwa ni yeye";
    operator_added(who) = "{who} added an operator" | "{who} ameongeza msimamizi";
    operator_removed(who) = "{who} removed an operator" | "{who} ameondoa msimamizi";
    operator_password_changed(who) =
        "{who} changed the password of an operator"
        | "{who} amebadilisha nenosiri la msimamizi";
    operator_second_factor_set(who) =
        "{who} set up a second factor"
        | "{who} ameweka hatua ya pili ya kuingia";
    operator_second_factor_removed(who) =
        "{who} removed a second factor"
        | "{who} ameondoa hatua ya pili ya kuingia";
}

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Words between.
    Words(&'static str),
    /// Here stands who acted.
    Who,
    /// Here stands the tenant's name.
    Tenant,
}

/// What happened as the parts of a sentence, in order; `None` for a type that has none.
#[must_use]
pub fn of(event_type: &str) -> Option<Vec<Part>> {
    let entry = ALL.iter().find(|entry| entry.key.eq_ignore_ascii_case(event_type))?;
    let forms = match crate::language() {
        domain::Language::En => entry.en,
        domain::Language::Sw => entry.sw,
    };
    let mut parts = Vec::new();
    for piece in forms.first()?.split('{') {
        let (name, rest) = piece.split_once('}').unwrap_or(("", piece));
        match name {
            "who" => parts.push(Part::Who),
            "tenant" => parts.push(Part::Tenant),
            _ => {}
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest));
        }
    }
    Some(parts)
}

/// The same in one piece.
#[must_use]
pub fn told(event_type: &str, who: &str, tenant: &str) -> Option<String> {
    let say = |part| match part {
        Part::Words(words) => words,
        Part::Who => who,
        Part::Tenant => tenant,
    };
    of(event_type).map(|parts| parts.into_iter().map(say).collect())
}

/// Who acted, by name: a person's, where it is known, or what an actor of the log is called; the end of an id where a person
/// is gone.
#[must_use]
pub fn who(actor: &str, name: Option<&str>) -> String {
    match (name, actor) {
        (Some(name), _) => name.to_owned(),
        (None, "admin") => super::audit::admin().to_owned(),
        (None, "system") => "Flow HQ".to_owned(),
        (None, "worker") => super::audit::bot().to_owned(),
        (None, id) => super::audit::somebody(end(id)),
    }
}

/// A tenant by name; the end of its id where it is gone.
#[must_use]
pub fn tenant(id: &str, name: Option<&str>) -> String {
    name.map_or_else(|| super::audit::gone(end(id)), str::to_owned)
}

/// The end of an id, by which two are told apart.
fn end(id: &str) -> &str {
    id.char_indices().nth_back(5).map_or(id, |(at, _)| &id[at..])
}
