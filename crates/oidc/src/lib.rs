//! Sign-in by an OpenID Connect provider (OpenID Connect Core 1.0, the code flow with PKCE), on `openidconnect`.
//!
//! [`OidcClient::start`] says where a browser goes and hands out what the browser keeps meanwhile (a [`Pending`], which
//! whoever serves the browser seals into a cookie); [`OidcClient::finish`] takes both back and answers with a person
//! whom the provider vouches for, or says why not. Nothing here knows tenants, cookies or pages, and nothing here lets
//! anybody in: an email that the provider does not call verified never comes out.
//!
//! Beside what the library verifies: the provider's own name in its answer (RFC 9207), `azp`, `nbf`, the hash of the
//! access token, an issue time after the sign-in began, asymmetric algorithms alone, keys fetched anew when they change,
//! each start finished at most once, and answers of a bounded size over HTTPS without redirections.

mod answer;
mod client;
mod endpoint;
mod error;
mod http;
mod options;
mod pending;
mod person;
mod provider;
mod used;
mod verify;

pub use client::{OidcClient, Start};
pub use error::{OidcError, Trouble};
pub use options::{OptionsError, ProviderOptions};
pub use pending::Pending;
pub use person::VerifiedPerson;
