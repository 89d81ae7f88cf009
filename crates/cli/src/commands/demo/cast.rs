//! Who plays: a salon in Dar es Salaam, and a customer of it. The numbers are of ranges that nobody has.

/// The tenant.
pub(super) const SALON: &str = "Saluni ya Amina";
/// The salon's number, as its owner declares it.
pub(super) const SALON_NUMBER: &str = "+255754000111";
/// The same as WhatsApp writes it.
pub(super) const SALON_DIGITS: &str = "255754000111";
/// Who owns the salon.
pub(super) const OWNER: &str = "Amina Juma";
/// How the owner signs in to the portal.
pub(super) const OWNER_EMAIL: &str = "amina@example.com";
/// A business whose owner has yet to come: the walk from sign-in to an answering bot begins there.
pub(super) const SHOP: &str = "Duka la Baraka";
/// Who owns it.
pub(super) const SHOP_OWNER: &str = "Baraka Mushi";
/// How that owner signs in.
pub(super) const SHOP_EMAIL: &str = "baraka@example.com";
/// A number that nobody has yet, for that owner to type.
pub(super) const SHOP_NUMBER: &str = "+255 754 000 333";
/// The customer.
pub(super) const CUSTOMER: &str = "Neema";
/// The customer's number.
pub(super) const CUSTOMER_DIGITS: &str = "255754000222";
/// What the customer writes, one after the other, each after the answer to the one before.
pub(super) const LINES: [&str; 2] = ["Habari, mnafungua saa ngapi leo?", "1"];
