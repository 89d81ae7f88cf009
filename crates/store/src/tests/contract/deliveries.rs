//! Messages only ever come farther, and a worker moves its own tenant's alone.

use domain::{Delivery, DeliveryRow, Direction, JournalId, LogId, Writer};
use strum::VariantArray as _;

use crate::{
    MessageLog, NewLog, PageRequest, TenantScope,
    tests::support::{journal_row, worlds},
};

fn out(sequence: u64, delivery: Option<Delivery>, writer: Option<Writer>) -> NewLog {
    NewLog { direction: Direction::Out, delivery, writer, ..journal_row(sequence) }
}

fn come(sequence: u64, log: LogId, delivery: Delivery, reason: Option<&str>) -> DeliveryRow {
    DeliveryRow { sequence, log, delivery, reason: reason.map(ToOwned::to_owned) }
}

async fn newest(scope: &TenantScope) -> MessageLog {
    scope.logs(PageRequest { limit: 1, before: None }).await.unwrap().items.remove(0)
}

#[tokio::test]
async fn of_each_two_words_the_farther_one_stays() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let journal = JournalId::generate();
        let mut sequence = 0;
        for before in std::iter::once(None).chain(Delivery::VARIANTS.iter().copied().map(Some)) {
            for after in Delivery::VARIANTS {
                sequence += 1;
                let row = out(sequence, before, Some(Writer::Bot));
                scope.append_logs(journal, std::slice::from_ref(&row)).await.unwrap();
                let farther = before.is_none_or(|before| after.rank() > before.rank());
                let batch = [come(7, row.id, *after, Some("why"))];
                assert_eq!(scope.note_deliveries(&batch).await.unwrap(), (7, farther), "{before:?} {after}");
                assert_eq!(scope.note_deliveries(&batch).await.unwrap(), (7, false), "the same again");
                let kept = newest(&scope).await;
                assert_eq!(kept.delivery, if farther { Some(*after) } else { before });
                assert_eq!(kept.delivery_reason.as_deref(), farther.then_some("why"));
            }
        }
    }
}

#[tokio::test]
async fn a_lie_touches_the_own_outgoing_rows_alone() {
    for world in worlds().await {
        let (asha, juma) = (world.tenant("Asha").await, world.tenant("Juma").await);
        let (own, other) = (world.store.tenant(asha), world.store.tenant(juma));
        let theirs = out(1, Some(Delivery::Sent), Some(Writer::Bot));
        other.append_logs(JournalId::generate(), std::slice::from_ref(&theirs)).await.unwrap();
        // Of what a customer wrote, nobody is told who wrote it for the business and how far it came.
        let received =
            NewLog { delivery: Some(Delivery::Read), writer: Some(Writer::Phone), ..journal_row(1) };
        own.append_logs(JournalId::generate(), std::slice::from_ref(&received)).await.unwrap();
        let lies = [
            come(1, theirs.id, Delivery::Read, None),
            come(2, received.id, Delivery::Read, None),
            come(3, LogId::generate(), Delivery::Read, None),
        ];
        assert_eq!(own.note_deliveries(&lies).await.unwrap(), (3, false));
        let kept = newest(&own).await;
        assert_eq!((kept.delivery, kept.writer), (None, None));
        assert_eq!(newest(&other).await.delivery, Some(Delivery::Sent));
        // The same id under both tenants' names is two rows.
        own.append_logs(JournalId::generate(), std::slice::from_ref(&theirs)).await.unwrap();
        assert_eq!(own.note_deliveries(&lies[..1]).await.unwrap(), (1, true));
        assert_eq!(newest(&own).await.delivery, Some(Delivery::Read));
        assert_eq!(newest(&other).await.delivery, Some(Delivery::Sent));
    }
}

#[tokio::test]
async fn what_was_written_on_the_phone_and_taken_back_loses_its_text_and_a_customers_keeps_it() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let said = out(1, Some(Delivery::Sent), Some(Writer::Phone));
        // A customer's message under the very same id.
        let same = NewLog { wa_message_id: said.wa_message_id.clone(), ..journal_row(2) };
        let back = NewLog {
            about: Some(said.wa_message_id.clone()),
            removes: true,
            text: "[deleted a message]".to_owned(),
            ..out(3, Some(Delivery::Sent), Some(Writer::Phone))
        };
        scope.append_logs(JournalId::generate(), &[said, same, back]).await.unwrap();
        let texts: Vec<_> = scope.logs(PageRequest::default()).await.unwrap().items;
        let texts: Vec<_> = texts.iter().map(|log| log.message_text.as_str()).collect();
        assert_eq!(texts, ["[deleted a message]", "message 2", "[deleted]"]);
    }
}
