//! Customers: who wrote, what became of them, and what is noted of them.

use domain::{CustomerState, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChatState, DeskRecord};

/// Customers, the one who was last in touch first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalCustomers)]
pub struct CustomerList {
    /// Customers of this page.
    pub customers: Vec<Customer>,
    /// What `before` is on the next page; null where there is none.
    pub next: Option<String>,
}

/// One customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalCustomer)]
pub struct Customer {
    /// The customer as the log has it: the key in paths.
    pub contact: String,
    /// The number as people write it, or that it is hidden, in the reader's language.
    pub shown: String,
    /// The name that the owner has noted, else that of the latest booking, order or ticket.
    pub name: Option<String>,
    /// Where it stands with the customer.
    pub state: CustomerState,
    /// Whether a person has said so; else it follows from bookings and orders: an open one is CONFIRMED, closed ones are
    /// DONE, none is NEW.
    pub state_set: bool,
    /// What is noted.
    pub note: Option<String>,
    /// The beginning of the last message, either way.
    pub last: Option<String>,
    /// When that was.
    pub at: Option<Timestamp>,
    /// Bookings, orders and tickets that are open.
    pub open_records: u64,
    /// All of them.
    pub records: u64,
}

/// One customer with all that there is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalCustomerRecords)]
pub struct CustomerRecords {
    /// The customer.
    pub customer: Customer,
    /// Who answers in the chat.
    pub chat: ChatState,
    /// The newest bookings, orders and tickets, at most fifty.
    pub records: Vec<DeskRecord>,
}

/// Takes what is noted of a customer. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalPutCustomer)]
#[serde(deny_unknown_fields)]
pub struct PutCustomer {
    /// Where it stands with the customer; null lets it follow from bookings and orders again.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::given")]
    #[schema(value_type = Option<CustomerState>)]
    pub state: Option<Option<CustomerState>>,
    /// What is noted, at most 2,000 characters; empty takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// The customer's name, at most 60 characters; empty takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub name: Option<String>,
}
