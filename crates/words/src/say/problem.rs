//! Problems on pages.

crate::catalogue::catalogue! { "problem";
    not_done = "This was not done" | "Hili halikufanyika";
    typed = "What you typed" | "Ulichoandika";
    typed_say =
        "It was not taken, and it is not lost: copy what you need, go back, and send it again."
        | "Hakikupokelewa, na hakijapotea: nakili unachohitaji, rudi nyuma, kisha kitume tena.";
    to_form = "Back to the page" | "Rudi kwenye ukurasa";
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
    forbidden = "Not allowed" | "Hairuhusiwi";
    person_not_found = "No such person" | "Mtu hayupo";
    confirmation_needed = "Confirm that it is you" | "Thibitisha kuwa ni wewe";
    unconfirmed = "WhatsApp has not confirmed it" | "WhatsApp haijathibitisha";
    route_not_found = "Nothing is here" | "Hakuna kitu hapa";
    method_not_allowed = "Method not allowed" | "Njia hairuhusiwi";
    tenant_not_found = "No such tenant" | "Biashara haipo";
    setup_request_not_found = "No such setup request" | "Ombi halipo";
    record_not_found = "No such booking, order or ticket" | "Hakuna miadi, oda wala suala hilo";
    setup_request_decided = "Decided already" | "Limeshaamuliwa";
    no_qr_code = "No code to scan" | "Hakuna msimbo wa kuskani";
    no_pairing_code = "No code to type" | "Hakuna msimbo wa kuandika";
    bot_host_not_found = "No such host" | "Mashine haipo";
    no_bot_host = "There is no such host." | "Hakuna mashine kama hiyo.";
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
    database_unwritable =
        "The database takes no changes: its disk is full or fails, or it may only be read. The log says which; bots answer on, \
         and what they have said is recorded once it takes changes again."
        | "Hifadhidata haipokei mabadiliko: diski yake imejaa au ina hitilafu, au inasomeka tu. Rekodi inaeleza ni ipi; boti \
           zinaendelea kujibu, na waliyosema yataandikwa itakapopokea mabadiliko tena.";
    taken_over =
        "Another control plane has taken over; ask that one."
        | "Mfumo mkuu mwingine umechukua nafasi; uliza huo.";
    moved =
        "This tenant was moved to another installation of Flow HQ and never runs here again. Delete it here once it answers there."
        | "Biashara hii imehamishiwa mfumo mwingine wa Flow HQ na haitafanya kazi hapa tena. Ifute hapa ikishaanza kujibu huko.";
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
    member_already = "This person is a member already." | "Mtu huyu tayari ni mwanachama.";
    number_not_waiting =
        "This number does not wait for confirmation; reload and look again."
        | "Namba hii haisubiri kuthibitishwa; pakia ukurasa upya na uangalie tena.";
    number_declared =
        "Another tenant has declared this number."
        | "Biashara nyingine imeitaja namba hii kuwa yake.";
    number_taken =
        "This WhatsApp number is linked to another tenant; unlink it there first."
        | "Namba hii ya WhatsApp imeunganishwa na biashara nyingine; itenganishe huko kwanza.";
    impossible =
        "That is not possible in the present state; reload and look again."
        | "Hilo haliwezekani katika hali ya sasa; pakia ukurasa upya na uangalie tena.";
    nothing_linked =
        "No phone is linked, so there is nothing to unlink."
        | "Hakuna simu iliyounganishwa, hivyo hakuna cha kutenganisha.";
    unlinking =
        "The device is being unlinked at the moment; try again in half a minute."
        | "Kifaa kinatenganishwa sasa hivi; jaribu tena baada ya nusu dakika.";
    unlink_unconfirmed(why) =
        "WhatsApp has not confirmed that the device is unlinked ({why}). The worker is stopped, and the number is kept. Unlink again when WhatsApp answers, or on the phone: WhatsApp, Settings, Linked devices, tap this device, Log out."
        | "WhatsApp haijathibitisha kuwa kifaa kimetenganishwa ({why}). Injini imesimamishwa, na namba imetunzwa. Tenganisha tena WhatsApp ikijibu, au kwenye simu: WhatsApp, Mipangilio, Vifaa vilivyounganishwa, gusa kifaa hiki, Toka.";
    no_code(why) = "There is no pairing code: {why}" | "Hakuna msimbo wa kuunganisha: {why}";
    not_started(why) = "The worker could not be started: {why}" | "Injini haikuweza kuanzishwa: {why}";
    not_linked =
        "The worker runs but does not answer at the moment; try again."
        | "Injini inafanya kazi lakini haijibu kwa sasa; jaribu tena.";
    not_sent(why) = "The message was not taken: {why}" | "Ujumbe haukupokelewa: {why}";
    no_answer =
        "The worker did not say in time whether the message was taken; ask again with the same request id."
        | "Injini haikusema kwa wakati kama ujumbe umepokelewa; uliza tena kwa kitambulisho kilekile cha ombi.";
    away =
        "The machine on which this bot runs does not answer at the moment; the bot may be answering its customers all the same. Try again."
        | "Mashine inayoendesha bot hii haijibu kwa sasa; huenda bot bado inawajibu wateja wake. Jaribu tena.";
    busy =
        "Too many requests for this worker at once; try again."
        | "Maombi mengi mno kwa injini hii kwa wakati mmoja; jaribu tena.";
    shutting_down = "The control plane is shutting down." | "Mfumo mkuu unazimwa.";
    overtaken =
        "Another request for this worker came in between."
        | "Ombi jingine la injini hii limeingia kati.";
    file = "There is no such file." | "Hakuna faili kama hilo.";
    credentials =
        "Send the user \"admin\" and the admin password by HTTP Basic; both were missing or wrong."
        | "Tuma mtumiaji \"admin\" na nenosiri la admin kwa HTTP Basic; havikuwepo au havikuwa sahihi.";
    broke_off = "The body broke off before its end." | "Maudhui yamekatika kabla ya mwisho wake.";
    no_host =
        "Name this server in the header Host, once, like 127.0.0.1:3000."
        | "Taja seva hii kwenye kichwa cha Host, mara moja, kama 127.0.0.1:3000.";
    crowded =
        "Too many requests of your address are under way at once; try again when some have ended."
        | "Maombi mengi mno kutoka anwani yako yanaendelea kwa wakati mmoja; jaribu tena baadhi yakiisha.";
    methods =
        "This server knows no such method; it takes GET, POST, PATCH and DELETE."
        | "Seva hii haijui njia hiyo; inapokea GET, POST, PATCH na DELETE.";
    no_logo =
        "BRAND_LOGO is not set, so that there is no picture."
        | "BRAND_LOGO haijawekwa, hivyo hakuna picha.";
    contact =
        "A contact is a number in digits, like 255712345678, or lid: and digits, as in the log."
        | "Mtu ni namba kwa tarakimu, kama 255712345678, au lid: na tarakimu, kama ilivyo kwenye rekodi.";
}
