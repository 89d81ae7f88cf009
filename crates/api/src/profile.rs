//! What a tenant tells its bot.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A business profile. Names and answers are objects with `sw` and `en`, of which one is enough; amounts are texts like
/// `"15000"` or `"12.50"`; numbers are taken too. docs/packs.md says what each field means.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "version": 3,
    "contact": { "phone": "+255 754 000 111", "address": { "sw": "Sinza, karibu na soko" } },
    "services": [{ "code": "braids", "name": { "sw": "Kusuka", "en": "Braids" }, "price": "15000", "minutes": 90 }],
    "questions": [{ "question": { "sw": "Mko wapi?" }, "answer": { "sw": "Sinza, karibu na soko." } }],
    "booking": { "lead_minutes": 60, "days_ahead": 30, "slot_minutes": 30, "at_once": 2 },
    "urgent_words": ["haraka"]
}))]
#[serde(default)]
pub struct BusinessProfile {
    /// Grows with every change; given by the control plane, ignored where it is sent.
    pub version: i64,
    /// How customers reach the business otherwise: `phone`, `address`, `map_link`.
    #[schema(value_type = Object)]
    pub contact: Value,
    /// What can be booked: `code`, `name`, `words`, `price`, `minutes`, `staff`, `at_once`, `on`.
    #[schema(value_type = Vec<Object>)]
    pub services: Value,
    /// What can be ordered: `code`, `name`, `words`, `price`, `unit`, `parts`, `stock`, `category`, `on`.
    #[schema(value_type = Vec<Object>)]
    pub catalogue: Value,
    /// What customers ask: `question`, `words`, `answer`.
    #[schema(value_type = Vec<Object>)]
    pub questions: Value,
    /// When and how much can be booked: `lead_minutes`, `days_ahead`, `slot_minutes`, `at_once`.
    #[schema(value_type = Object)]
    pub booking: Value,
    /// How an order reaches its customer: `pick_up`, `areas` with `name` and `fee`, `elsewhere`.
    #[schema(value_type = Object)]
    pub delivery: Value,
    /// What the bot says without having been asked: `before_minutes`, `missed_you`, `ask_order_after_minutes`.
    #[schema(value_type = Object)]
    pub reminders: Value,
    /// Words on which a person comes at once.
    #[schema(value_type = Vec<String>)]
    pub urgent_words: Value,
    /// Whom the bot leaves alone, and when: `left_alone`, `only_new_people`, `hand_off_minutes`, `go_on_after_minutes`.
    #[schema(value_type = Object)]
    pub manners: Value,
    /// Texts of the pack that this tenant says differently, by their keys.
    #[schema(value_type = Object)]
    pub texts: Value,
}
