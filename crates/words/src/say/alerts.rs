//! What an operator is told of, by which way, and how that went.

crate::catalogue::catalogue! { "alerts";
    title = "Alerts" | "Tahadhari";
    ways = "Sent by" | "Njia za kutuma";
    email = "email" | "barua pepe";
    webhook = "webhook" | "webhook";
    ntfy = "ntfy" | "ntfy";
    no_way = "none is set up" | "hakuna iliyowekwa";
    none_set_up =
        "No way of alerting is set up: set SMTP_URL, ALERT_EMAIL_FROM and ALERT_EMAIL_TO, or ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET, or ALERT_NTFY_URL, and start again."
        | "Hakuna njia ya kutuma tahadhari: weka SMTP_URL, ALERT_EMAIL_FROM na ALERT_EMAIL_TO, au ALERT_WEBHOOK_URL na ALERT_WEBHOOK_SECRET, au ALERT_NTFY_URL, kisha anzisha upya.";
    send_test = "Send a test" | "Tuma jaribio";
    test_title = "A test of your alerts" | "Jaribio la tahadhari zako";
    test_detail =
        "You get alerts by this way. Nothing is wrong."
        | "Unapokea tahadhari kwa njia hii. Hakuna tatizo.";
    none_yet = "Nothing was sent yet." | "Bado hakuna kilichotumwa.";
    when = "When" | "Lini";
    way = "By" | "Njia";
    what = "What" | "Nini";
    result = "Result" | "Matokeo";
    cleared(title) = "All clear: {title}" | "Imetatuliwa: {title}";
    taken = "taken" | "imepokelewa";
    not_taken = "not taken" | "haijapokelewa";
    given_up = "given up" | "imeachwa";
    again(why, tries) =
        "{why}. Tries so far: {tries}; it is tried again."
        | "{why}. Imejaribiwa mara {tries}; itajaribiwa tena.";
    no_more(why, tries) = "{why}. Tries: {tries}." | "{why}. Imejaribiwa mara {tries}.";
    test_sent(way) = "The test by {way} was taken." | "Jaribio kwa {way} limepokelewa.";
    test_failed(way, why) =
        "The test by {way} was not taken: {why}"
        | "Jaribio kwa {way} halikupokelewa: {why}";
}
