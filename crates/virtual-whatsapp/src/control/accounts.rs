//! Accounts: businesses with a phone that devices are linked to, and customers.

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::{Json, Path};
use super::problem::{Document, Problem};
use crate::handles::AccountInfo;
use crate::world::ReceiptPolicy;

/// An account to make.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    /// The phone number, digits without `+`.
    #[schema(example = "255754000222")]
    number: String,
    /// The name that others see.
    #[schema(example = "Asha")]
    name: Option<String>,
    /// A business with a phone of its own, instead of a customer.
    #[serde(default)]
    business: bool,
}

/// What is to be changed; what is not named stays.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountChange {
    /// The name that others see.
    name: Option<String>,
    /// How its phone confirms what it gets.
    receipts: Option<ReceiptPolicy>,
    /// Whether the number is on WhatsApp: who is not has no devices and no keys.
    on_whatsapp: Option<bool>,
    /// Numbers that it hears nothing from, all of them.
    blocked: Option<Vec<String>>,
    /// The name that WhatsApp has verified, of a business; empty for none.
    verified_name: Option<String>,
    /// Whether the number is hidden: then the account is known by its LID alone.
    hides_number: Option<bool>,
}

/// The longest name.
const NAME_MAX: usize = 100;

fn check_name(name: &str) -> Result<&str, Problem> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(Problem::invalid(format!("name: 1 to {NAME_MAX} characters, not {:?}", name.len())));
    }
    Ok(name)
}

/// All accounts, by number
#[utoipa::path(get, path = "/v1/accounts", tag = "accounts", responses((status = 200, body = [AccountInfo])))]
pub(super) async fn list(State(app): State<App>) -> Json<Vec<AccountInfo>> {
    Json(app.server.accounts())
}

/// Make an account
///
/// One that is there is left as it is, but for the name where one is given.
#[utoipa::path(
    post, path = "/v1/accounts", tag = "accounts", request_body = NewAccount,
    responses(
        (status = 201, description = "Made.", body = AccountInfo),
        (status = 200, description = "It was there.", body = AccountInfo),
        (status = 422, body = Document)
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<AccountInfo>), Problem> {
    let name = new.name.as_deref().map(check_name).transpose()?;
    let there = app.server.find_customer(&new.number);
    let status = if there.is_ok() { StatusCode::OK } else { StatusCode::CREATED };
    let info = match (new.business, name, there) {
        (_, None, Ok(there)) => there.info(),
        (true, name, _) => {
            let phone = app.server.phone(&new.number)?;
            if let Some(name) = name {
                phone.set_name(name);
            }
            phone.info()
        }
        (false, name, _) => app.server.customer(&new.number, name.unwrap_or(&new.number))?.info(),
    };
    Ok((status, Json(info)))
}

/// One account
#[utoipa::path(
    get, path = "/v1/accounts/{number}", tag = "accounts", params(("number" = String, Path, description = "digits")),
    responses((status = 200, body = AccountInfo), (status = 404, body = Document))
)]
pub(super) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Json<AccountInfo>, Problem> {
    Ok(Json(app.server.find_phone(&number)?.info()))
}

/// Change an account: name, receipts, whether the number is on WhatsApp, whom it has blocked
#[utoipa::path(
    patch, path = "/v1/accounts/{number}", tag = "accounts", request_body = AccountChange,
    params(("number" = String, Path, description = "digits")),
    responses((status = 200, body = AccountInfo), (status = 404, body = Document), (status = 422, body = Document))
)]
pub(super) async fn change(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(change): Json<AccountChange>,
) -> Result<Json<AccountInfo>, Problem> {
    let account = app.server.find_customer(&number)?;
    let name = change.name.as_deref().map(check_name).transpose()?;
    if let Some(policy) = change.receipts {
        account.set_receipts(policy);
    }
    if let Some(verified) = &change.verified_name {
        account.set_verified_name(Some(verified.as_str()).filter(|name| !name.is_empty()));
    }
    if let Some(hides) = change.hides_number {
        account.set_hides_number(hides);
    }
    if let Some(registered) = change.on_whatsapp {
        account.set_registered(registered);
    }
    if let Some(blocked) = &change.blocked {
        for other in account.info().blocked.iter().filter(|other| !blocked.contains(other)) {
            account.set_blocked(other, false);
        }
        for other in blocked {
            // Blocking a number that is nobody's would be a typing error that nobody sees.
            app.server.find_phone(other)?;
            account.set_blocked(other, true);
        }
    }
    if let Some(name) = name {
        app.server.find_phone(&number)?.set_name(name);
    }
    Ok(Json(account.info()))
}
