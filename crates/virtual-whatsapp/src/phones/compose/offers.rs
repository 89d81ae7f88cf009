//! Trade: orders, products, money; and invitations.

use waproto::whatsapp as wa;

use super::{Composer, one};
use wa::message as m;

pub(super) fn order(composer: &mut Composer<'_>) -> wa::Message {
    let order = m::OrderMessage {
        order_id: Some(composer.id("order-1")),
        item_count: Some(i32::try_from(composer.draft.count.unwrap_or(2)).unwrap_or(i32::MAX)),
        message: Some(composer.text("Two of these, please")),
        seller_jid: Some(composer.chat.clone()),
        token: Some("token".to_owned()),
        ..Default::default()
    };
    wa::Message { order_message: one(order), ..Default::default() }
}

pub(super) fn product(composer: &mut Composer<'_>) -> wa::Message {
    let snapshot = m::product_message::ProductSnapshot {
        product_id: Some(composer.id("product-1")),
        title: Some(composer.name("Soap")),
        ..Default::default()
    };
    let product = m::ProductMessage {
        product: one(snapshot),
        business_owner_jid: Some(composer.chat.clone()),
        body: composer.draft.text.clone(),
        ..Default::default()
    };
    wa::Message { product_message: one(product), ..Default::default() }
}

fn said(composer: &Composer<'_>, otherwise: &str) -> wa::Message {
    wa::Message { conversation: Some(composer.text(otherwise)), ..Default::default() }
}

pub(super) fn payment_request(composer: &mut Composer<'_>) -> wa::Message {
    let request = m::RequestPaymentMessage {
        note_message: one(said(composer, "For two of them")),
        currency_code_iso4217: Some("TZS".to_owned()),
        amount1000: Some(5_000_000),
        ..Default::default()
    };
    wa::Message { request_payment_message: one(request), ..Default::default() }
}

pub(super) fn payment(composer: &mut Composer<'_>) -> wa::Message {
    let payment =
        m::SendPaymentMessage { note_message: one(said(composer, "For two of them")), ..Default::default() };
    wa::Message { send_payment_message: one(payment), ..Default::default() }
}

pub(super) fn payment_invitation(composer: &mut Composer<'_>) -> wa::Message {
    let invitation = m::PaymentInviteMessage {
        service_type: Some(m::payment_invite_message::ServiceType::UPI),
        expiry_timestamp: Some(composer.now_s() + 86_400),
        ..Default::default()
    };
    wa::Message { payment_invite_message: one(invitation), ..Default::default() }
}

pub(super) fn invoice(composer: &mut Composer<'_>) -> wa::Message {
    let invoice = m::InvoiceMessage {
        note: Some(composer.text("Two of them")),
        token: Some("token".to_owned()),
        ..Default::default()
    };
    wa::Message { invoice_message: one(invoice), ..Default::default() }
}

pub(super) fn group_invitation(composer: &mut Composer<'_>) -> wa::Message {
    let invitation = m::GroupInviteMessage {
        group_jid: Some(composer.id("120360000000000001@g.us")),
        invite_code: Some("code".to_owned()),
        invite_expiration: Some(composer.now_s() + 86_400),
        group_name: Some(composer.name("Market")),
        caption: composer.draft.caption.clone(),
        ..Default::default()
    };
    wa::Message { group_invite_message: one(invitation), ..Default::default() }
}
