//! Records as a worker tells them and as the store keeps them; and what people change of them, which only the journal may
//! take.

use domain::{RecordRow, TenantId};
use link::message::{Answer, Question};
use replies::{Conflict, Record};
use store::NewRecord;

use crate::{ChangeKind, Error, Handle};

/// Characters of a search text: a ticket may tell a long story.
const FOUND_BY_MAX_CHARS: usize = 2_000;

/// What became of a change by hand.
#[derive(Debug)]
pub enum Changed {
    /// The journal has taken it: the record as it now is.
    Taken(RecordRow),
    /// It has not, and this is why.
    Refused(Conflict),
}

impl Handle {
    /// Has a tenant's journal take a record that a person has made or changed. `expects` is the version that the person has
    /// seen; without it the record is new, and the journal gives it its number. `contact` is whose a new one is.
    ///
    /// # Errors
    /// [`Error::NotRunning`] and [`Error::NotLinked`] where the worker cannot be asked: nothing is changed without the
    /// journal. [`Error::NotDone`] where it refuses for another reason than a conflict, [`Error::NoAnswer`].
    pub async fn change_record(
        &self,
        tenant: TenantId,
        contact: Option<String>,
        expects: Option<u32>,
        record: &Record,
    ) -> Result<Changed, Error> {
        // A record is texts, numbers and lists, which are always JSON.
        let record = serde_json::to_string(record).unwrap_or_default();
        let question = Question::ChangeRecord { contact, expects, record };
        crash::point("change_asked");
        let answer = self.ask(tenant, None, question).await?.map_err(Error::NotDone)?;
        crash::point("change_heard");
        let Answer::ChangeRecord { taken } = answer else { return Err(Error::NoAnswer) };
        match taken {
            Ok(taken) => {
                // It comes up with the others too; who asked sees it at once.
                self.shared.store.tenant(tenant).put_record(&row(&taken)).await?;
                crash::point("change_stored");
                self.shared.changed(tenant, ChangeKind::Records);
                Ok(Changed::Taken(taken))
            }
            Err(why) => serde_json::from_str(&why).map(Changed::Refused).map_err(|_| Error::NotDone(why)),
        }
    }

    /// Gives a chat back to the bot.
    ///
    /// # Errors
    /// As [`change_record`](Self::change_record).
    pub async fn hand_back(&self, tenant: TenantId, contact: String) -> Result<(), Error> {
        match self.ask(tenant, None, Question::HandBack { contact }).await?.map_err(Error::NotDone)? {
            Answer::HandBack => Ok(()),
            _ => Err(Error::NoAnswer),
        }
    }

    /// Takes a chat over: the bot keeps quiet in it.
    ///
    /// # Errors
    /// As [`change_record`](Self::change_record).
    pub async fn take_over(&self, tenant: TenantId, contact: String) -> Result<(), Error> {
        match self.ask(tenant, None, Question::TakeOver { contact }).await?.map_err(Error::NotDone)? {
            Answer::TakeOver => Ok(()),
            _ => Err(Error::NoAnswer),
        }
    }
}

/// A worker's row as the store keeps it. What a list asks for is read out of the record; where that cannot be read, since
/// another version has made it or a worker lies, the row is kept all the same and found by its number.
pub(crate) fn row(row: &RecordRow) -> NewRecord {
    let record = serde_json::from_str::<Record>(&row.body).ok();
    let record = record.filter(|record| record.reference() == row.reference);
    let told = record.as_ref().map(told);
    let number = row.reference.rsplit_once('-').and_then(|(_, number)| number.parse().ok());
    let (state, stands_at, words) = told.unwrap_or(("", row.changed_at, Vec::new()));
    let words = std::iter::once(row.reference.as_str()).chain(row.contact.as_deref()).chain(words);
    let found_by: String = words.collect::<Vec<_>>().join(" ").chars().take(FOUND_BY_MAX_CHARS).collect();
    NewRecord {
        sequence: row.sequence,
        reference: row.reference.clone(),
        number: number.unwrap_or_default(),
        kind: row.kind,
        contact: row.contact.clone(),
        version: row.version,
        open: row.open,
        state: state.to_owned(),
        stands_at,
        found_by,
        // What is no JSON at all would make a list unreadable.
        body: if is_json(&row.body) { row.body.clone() } else { "{}".to_owned() },
        changed_at: row.changed_at,
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// Where a record stands, when, and the words that it is found by.
fn told(record: &Record) -> (&'static str, domain::Timestamp, Vec<&str>) {
    fn said(words: [Option<&str>; 5]) -> Vec<&str> {
        words.into_iter().flatten().collect()
    }
    match record {
        Record::Booking(one) => {
            let words = [
                Some(one.name.as_str()),
                one.phone.as_deref(),
                Some(one.service_name.as_str()),
                one.with.as_deref(),
                one.note.as_deref(),
            ];
            (one.state.label(), one.at, said(words))
        }
        Record::Order(one) => {
            let words = [Some(one.name.as_str()), one.phone.as_deref(), one.note.as_deref(), None, None];
            let goods = one.lines.iter().map(|line| line.name.as_str());
            (one.state.label(), one.made_at, said(words).into_iter().chain(goods).collect())
        }
        Record::Ticket(one) => {
            let words = [
                one.name.as_deref(),
                one.phone.as_deref(),
                Some(one.category_name.as_str()),
                Some(one.text.as_str()),
                None,
            ];
            (one.state.label(), one.made_at, said(words))
        }
        Record::Block(one) => {
            let state = if one.lifted { "lifted" } else { "blocked" };
            (state, one.at, said([one.lane.as_deref(), one.note.as_deref(), None, None, None]))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use domain::{RecordKind, Timestamp};
    use replies::{By, Ticket, TicketState};

    use super::*;

    fn ticket() -> RecordRow {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let ticket = Ticket {
            reference: "T-1004".to_owned(),
            version: 2,
            category: "late".to_owned(),
            category_name: "Imechelewa".to_owned(),
            text: "Mzigo haujafika".to_owned(),
            name: Some("Asha".to_owned()),
            phone: None,
            urgent: false,
            state: TicketState::InWork,
            by: By::Person,
            made_at: at,
            changed_at: at,
        };
        RecordRow {
            sequence: 7,
            contact: Some("255712000001".to_owned()),
            reference: "T-1004".to_owned(),
            kind: RecordKind::Ticket,
            version: 2,
            open: true,
            changed_at: at,
            body: serde_json::to_string(&Record::Ticket(ticket)).unwrap(),
        }
    }

    #[test]
    fn what_a_list_asks_for_is_read_out_of_the_record() {
        let kept = row(&ticket());
        assert_eq!((kept.number, kept.state.as_str()), (1004, "in_work"));
        assert_eq!(kept.found_by, "T-1004 255712000001 Asha Imechelewa Mzigo haujafika");
    }

    #[test]
    fn what_cannot_be_read_is_kept_and_found_by_its_number() {
        for (body, is) in
            [("", "{}"), ("{", "{}"), ("{}", "{}"), ("{\"kind\":\"feast\"}", "{\"kind\":\"feast\"}")]
        {
            let kept = row(&RecordRow { body: body.to_owned(), ..ticket() });
            assert_eq!((kept.state.as_str(), kept.body.as_str()), ("", is), "{body}");
            assert_eq!(kept.found_by, "T-1004 255712000001");
        }
        let other = row(&RecordRow { reference: "T-9".to_owned(), ..ticket() });
        assert_eq!((other.number, other.state.as_str()), (9, ""), "it says that it is another one");
        assert_eq!(row(&RecordRow { reference: "none".to_owned(), ..ticket() }).number, 0);
    }
}
