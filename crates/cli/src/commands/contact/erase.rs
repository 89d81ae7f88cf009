//! `flowhq contact erase`.

use ::api::ContactErased;
use clap::Args;

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Forget one customer: the conversation log, and what the bot remembers
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq contact erase \"Amina Salon\" 255712345678 --yes

Only the worker may change its journal: where it does not run, its next start forgets the customer
there before it connects.")]
pub(crate) struct Erase {
    #[command(flatten)]
    which: Which,
    /// The customer's number in digits, or lid: and digits, as the log shows it
    #[arg(value_name = "CONTACT")]
    contact: String,
    /// Confirm that it is to be erased: nothing of it comes back
    #[arg(long, required = true)]
    yes: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Erase {
    pub(super) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?.to_string();
        let erased = client
            .send_json::<ContactErased>(http::Method::DELETE, &super::path(&id, &self.contact), None::<&()>)
            .await?;
        if self.format.json {
            return Ok(output::json(&erased)?);
        }
        let ContactErased { journal_messages, log_rows, records, waiting } = erased;
        if waiting {
            return Ok(output::line(format_args!(
                "Erased: {log_rows} rows of the log, {records} closed bookings, orders and tickets. The worker does not run: its next start erases what its journal holds before it \
                 connects"
            ))?);
        }
        Ok(output::line(format_args!(
            "Erased: {log_rows} rows of the log, {records} closed bookings, orders and tickets, {journal_messages} messages in the worker's \
             journal"
        ))?)
    }
}
