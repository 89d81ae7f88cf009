//! What tests and the control API hold in their hands.

mod customer;
mod device;
mod people;
mod phone;

pub use customer::{Customer, SendOptions};
pub use device::{DeviceStatus, LinkedDevice};
pub use people::AccountInfo;
pub(crate) use people::{customer, phone};
pub use phone::Phone;
