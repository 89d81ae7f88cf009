//! What tests and the control API hold in their hands.

mod chat;
mod customer;
mod device;
mod group;
mod people;
mod phone;

pub use customer::{Customer, SendOptions};
pub use device::{DeviceStatus, LinkedDevice};
pub(crate) use group::make_group;
pub use group::{GroupInfo, GroupOptions};
pub use people::AccountInfo;
pub(crate) use people::{customer, find_customer, find_phone, phone};
pub use phone::Phone;
