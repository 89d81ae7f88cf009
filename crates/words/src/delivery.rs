//! How far a message has come, who wrote it and why it never arrives, in words: one place for both sites and the command line.

use domain::{Delivery, Writer, delivery};

use crate::ticks as say;

/// How far it has come.
#[must_use]
pub fn word(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => say::waiting(),
        Delivery::Failed => say::failed(),
        Delivery::Sent => say::sent(),
        Delivery::Delivered => say::delivered(),
        Delivery::Read => say::read(),
        Delivery::Played => say::played(),
    }
}

/// The same as a whole: with why it never arrives, where it does not and that is known.
#[must_use]
pub fn sentence(delivery: Delivery, reason: Option<&str>) -> String {
    match reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        Some(reason) if delivery == Delivery::Failed => say::failed_because(why(reason)),
        _ => word(delivery).to_owned(),
    }
}

/// Why it never arrives; a worker's own words where they are new ones.
fn why(reason: &str) -> String {
    if let Some(code) = delivery::refusal(reason) {
        return say::refused(code);
    }
    match reason {
        delivery::UNANSWERED => say::unanswered().to_owned(),
        delivery::RESTORED => say::restored().to_owned(),
        other => other.to_owned(),
    }
}

/// Who wrote it.
#[must_use]
pub fn writer(writer: Writer) -> &'static str {
    match writer {
        Writer::Bot | Writer::Timer => say::bot(),
        Writer::Person => say::person(),
        Writer::Phone => say::phone(),
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn why_a_message_was_not_sent_is_said_in_the_readers_language() {
        let said = |reason| crate::within(Language::Sw, || sentence(Delivery::Failed, reason));
        assert_eq!(said(None), "Haukutumwa");
        let refused = delivery::refused(463);
        assert_eq!(said(Some(&refused)), "Haukutumwa: WhatsApp imeukataa (namba 463)");
        assert_eq!(said(Some(delivery::UNANSWERED)), "Haukutumwa: WhatsApp haikuupokea ndani ya siku moja");
        assert_eq!(
            said(Some(delivery::RESTORED)),
            "Haukutumwa: ulikuwa ukisubiri bot iliporudishwa kutoka nakala ya akiba"
        );
        assert_eq!(said(Some("something new")), "Haukutumwa: something new");
        assert_eq!(sentence(Delivery::Read, Some(&refused)), "Read");
    }
}
