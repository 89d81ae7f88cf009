//! `flowhq qr`.

mod typed;

use ::api::Qr as Code;
use clap::Args;
use domain::{SessionState, TenantId, TenantStatus};

use crate::{
    api,
    args::{Connect, Format, Place, Which},
    error::CliError,
    output,
};

/// Said once a phone is linked.
const LINKED: &str = "Linked: the bot answers now.";

/// Show a tenant's QR code and wait until its phone has scanned it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowhq qr \"Amina Salon\"
  flowhq qr --json \"Amina Salon\"     # a line of JSON for each code; the last says CONNECTED
  flowhq qr --code \"Amina Salon\"     # a code to type, where nobody can scan

The worker must run: `flowhq start` first. The code is a credential: whoever uses it reads the
bot's messages.")]
pub(crate) struct Qr {
    #[command(flatten)]
    which: Which,
    /// Link by a code that is typed on the phone with the tenant's number
    #[arg(long)]
    code: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    connect: Connect,
}

impl Qr {
    pub(crate) async fn run(&self, place: &Place) -> Result<(), CliError> {
        let client = api::client(place, &self.connect)?;
        let id = api::find(&client, &self.which.tenant).await?;
        if self.code {
            return typed::link(&client, id, self.format.json).await;
        }
        // The stream tells the control plane that somebody looks, so that codes go on coming.
        let mut events = client.events(&format!("/admin/tenants/{id}/qr/stream")).await?;
        let mut screen = Screen::default();
        while let Some(event) = events.next().await? {
            if event.name != "qr" {
                continue;
            }
            let code: Code = read(&event.data)?;
            if self.format.json {
                output::json_line(&code)?;
            } else {
                screen.show(&code)?;
            }
            match code.status {
                TenantStatus::Active if code.state == SessionState::Connected => {
                    if !self.format.json {
                        output::line(LINKED)?;
                    }
                    return Ok(());
                }
                status => not_waiting(status, id)?,
            }
        }
        Err(ended())
    }
}

fn read(data: &str) -> Result<Code, CliError> {
    serde_json::from_str(data)
        .map_err(|error| CliError::Answer { at: "the stream".to_owned(), cause: error.to_string() })
}

/// Says what to do about a tenant that waits for no phone.
fn not_waiting(status: TenantStatus, id: TenantId) -> Result<(), CliError> {
    let detail = match status {
        TenantStatus::New | TenantStatus::Paused => {
            format!("the worker does not run; start it with `flowhq start {id}`")
        }
        TenantStatus::Error => format!("the tenant is in ERROR; `flowhq tenant show {id}` says why"),
        TenantStatus::Active | TenantStatus::QrPending | TenantStatus::QrReady => return Ok(()),
    };
    Err(CliError::Refused { status: 409, detail })
}

fn ended() -> CliError {
    CliError::Failed("flowhq serve ended while the code was waited for".to_owned())
}

/// What stands in the terminal: one code, drawn over by the next.
#[derive(Default)]
struct Screen {
    lines: usize,
    shown: Option<String>,
    waiting: Option<output::Waiting>,
}

impl Screen {
    fn show(&mut self, code: &Code) -> Result<(), CliError> {
        let Some(text) = code.code.as_deref().filter(|_| code.state == SessionState::QrReady) else {
            self.shown = None;
            let words =
                if code.status == TenantStatus::Active { "Connecting" } else { "Waiting for the next code" };
            match &self.waiting {
                Some(waiting) => waiting.say(words),
                None => self.waiting = Some(output::Waiting::new(words)),
            }
            return Ok(());
        };
        if self.shown.as_deref() == Some(text) {
            return Ok(());
        }
        self.waiting = None;
        let drawn = output::half_blocks(text)?;
        let steps = "On the phone: WhatsApp, Linked devices, Link a device, then scan this.";
        if self.lines > 0 && output::is_terminal() {
            // Up to where the last code began, and clear from there on.
            output::line(format_args!("\u{1b}[{}A\u{1b}[J{drawn}{steps}", self.lines))?;
        } else {
            output::line(format_args!("{drawn}{steps}"))?;
        }
        self.lines = drawn.lines().count() + 1;
        self.shown = Some(text.to_owned());
        self.waiting = Some(output::Waiting::new("Waiting for the phone"));
        Ok(())
    }
}
