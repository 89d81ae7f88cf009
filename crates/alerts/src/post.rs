//! Sends JSON to a receiver of alerts.

use std::time::Duration;

/// How long the receiver may take.
const TIME: Duration = Duration::from_secs(15);

/// Posts a document with these headers. A redirection is not followed: an alert goes where its setting says.
///
/// # Errors
/// Why it was not taken, in words that hold neither the address nor a header.
pub(crate) async fn json(
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
) -> Result<(), String> {
    let sent = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIME))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        let request = agent.post(&url).header("content-type", "application/json");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, value)).send(body)
    })
    .await;
    match sent.map_err(|error| error.to_string())? {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("it answered {}", answer.status())),
        Err(error) => Err(error.to_string()),
    }
}
