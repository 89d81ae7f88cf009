//! Problems on pages.

crate::catalogue::catalogue! { "problem";
    malformed_json = "The body is no JSON" | "Maudhui si JSON";
    unsupported_media_type = "The body is not announced as JSON" | "Maudhui hayakutajwa kuwa JSON";
    unknown_field = "Unknown field" | "Sehemu isiyojulikana";
    invalid_field = "Invalid value" | "Thamani si sahihi";
    search_too_long(most) =
        "A search has at most {most} characters; search for fewer words."
        | "Unachotafuta hakizidi herufi {most}; tafuta kwa maneno machache zaidi.";
    took_too_long =
        "The search took too long and was ended; narrow it by a contact or by days, or search for something else."
        | "Utafutaji ulichukua muda mrefu mno ukasimamishwa; upunguze kwa mtu mmoja au kwa siku, au tafuta kitu kingine.";
    searching =
        "Other searches are under way; try again in a moment."
        | "Utafutaji mwingine unaendelea; jaribu tena baada ya muda mfupi.";
    invalid_id = "Invalid id" | "Kitambulisho si sahihi";
    body_too_large = "The body is too large" | "Maudhui ni makubwa mno";
    unauthorized = "Sign-in required" | "Ingia kwanza";
    too_many_attempts = "Too many attempts" | "Majaribio mengi mno";
    missing_host = "No server was named" | "Seva haikutajwa";
    unknown_host = "Unknown name of the server" | "Jina la seva halijulikani";
    unknown_method = "Unknown method" | "Njia isiyojulikana";
    cross_site_request = "Request from another site" | "Ombi kutoka tovuti nyingine";
    confirmation_needed = "Confirm that it is you" | "Thibitisha kuwa ni wewe";
    unconfirmed = "WhatsApp has not confirmed it" | "WhatsApp haijathibitisha";
    route_not_found = "Nothing is here" | "Hakuna kitu hapa";
    method_not_allowed = "Method not allowed" | "Njia hairuhusiwi";
    tenant_not_found = "No such tenant" | "Biashara haipo";
    setup_request_not_found = "No such setup request" | "Ombi halipo";
    setup_request_decided = "Decided already" | "Limeshaamuliwa";
    no_qr_code = "No code to scan" | "Hakuna msimbo wa kuskani";
    no_pairing_code = "No code to type" | "Hakuna msimbo wa kuandika";
    operator_not_found = "No such operator" | "Msimamizi hayupo";
    worker_running = "The worker is running" | "Injini inafanya kazi";
    worker_stopped = "The worker is stopped" | "Injini imesimama";
    worker_failed = "The worker did not start" | "Injini haikuanza";
    conflict = "Not possible in the present state" | "Haiwezekani katika hali ya sasa";
    stale = "Changed meanwhile" | "Imebadilika wakati huu";
    timed_out = "The answer took too long" | "Jibu limechelewa mno";
    unavailable = "Unavailable at the moment" | "Haipatikani kwa sasa";
    internal = "Something went wrong here" | "Kuna kitu kimeharibika hapa";
    internal_say =
        "The request could not be carried out; the log has the reason under this request id."
        | "Ombi halikuweza kutekelezwa; sababu iko kwenye rekodi chini ya kitambulisho hiki.";
    other_methods =
        "This path takes other methods; the header Allow names them."
        | "Anwani hii inapokea njia nyingine; kichwa cha Allow kinazitaja.";
    no_path = "There is nothing under this path." | "Hakuna kitu kwenye anwani hii.";
    no_tenant = "There is no such tenant." | "Hakuna biashara kama hiyo.";
    no_operator = "There is no such operator." | "Hakuna msimamizi kama huyo.";
    no_request = "There is no such setup request." | "Hakuna ombi kama hilo.";
    no_database =
        "The database does not answer at the moment; try again."
        | "Hifadhidata haijibu kwa sasa; jaribu tena.";
    taken_over =
        "Another control plane has taken over; ask that one."
        | "Mfumo mkuu mwingine umechukua nafasi; uliza huo.";
    running =
        "The worker is running already; restart it instead."
        | "Injini inafanya kazi tayari; ianzishe upya badala yake.";
    not_running = "The worker is not running; start it first." | "Injini haifanyi kazi; ianzishe kwanza.";
    other_site = "This changes something and was sent by a page of another site." | "Hili linabadilisha kitu, na limetumwa na ukurasa wa tovuti nyingine.";
    slow(seconds) = "No answer within {seconds} s; what was asked may still happen." | "Hakuna jibu ndani ya sek {seconds}; ulichoomba bado kinaweza kufanyika.";
    too_large(most) =
        "A request's body may have at most {most} bytes."
        | "Maudhui ya ombi yasizidi baiti {most}.";
    fault = "The request met a fault of ours; the log has it under this request id." | "Ombi limekutana na hitilafu yetu; iko kwenye rekodi chini ya kitambulisho hiki.";
    unreadable = "The path holds something that cannot be read as text." | "Anwani ina kitu kisichosomeka kama maandishi.";
}
