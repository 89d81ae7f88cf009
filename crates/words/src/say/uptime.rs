//! How long a bot answered while it was meant to, and the times when it did not.

crate::catalogue::catalogue! { "uptime";
    title = "Uptime" | "Muda wa kujibu";
    say =
        "How much of the time that it was meant to answer it did."
        | "Sehemu ya muda uliotakiwa ambayo ilijibu.";
    days(days) = "{days} days" | "Siku {days}";
    not_meant = "not meant to run" | "haikutakiwa";
    unknown(span) =
        "{span} unknown: the control plane was away"
        | "{span} haijulikani: mfumo mkuu haukuwepo";
    incidents = "Incidents" | "Matukio";
    none = "None in the last 90 days." | "Hakuna katika siku 90 zilizopita.";
    earlier[count] =
        "1 earlier one" | "{count} earlier ones"
        | "1 la awali" | "{count} ya awali";
    goes_on(span) = "goes on, for {span} now" | "linaendelea, kwa {span} sasa";
    lasted(span) = "lasted {span}" | "lilidumu {span}";
    ended_answering = "it answers again" | "inajibu tena";
    ended_stopped = "an operator stopped the bot" | "msimamizi alisimamisha bot";
    ended_suspended = "an operator suspended the bot" | "msimamizi alisitisha bot";
    ended_other = "something else was wrong from then on" | "kisha kukawa na tatizo jingine";
    ended_unseen =
        "how it went on is not known: the control plane was away"
        | "haijulikani liliendeleaje: mfumo mkuu haukuwepo";
    limit(most) = "Ask for 1 to {most} incidents." | "Omba matukio 1 hadi {most}.";
}

/// What ended an incident.
#[must_use]
pub fn ended(by: domain::EndedBy) -> &'static str {
    match by {
        domain::EndedBy::Answering => ended_answering(),
        domain::EndedBy::Stopped => ended_stopped(),
        domain::EndedBy::Suspended => ended_suspended(),
        domain::EndedBy::OtherTrouble => ended_other(),
        domain::EndedBy::Unseen => ended_unseen(),
    }
}
