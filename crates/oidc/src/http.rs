//! Asks a provider: bounded in time, in size and in how many ask at once. Redirections are not followed, since a provider
//! that moves says so in its discovery document, and nobody else is asked in its place.

use std::{pin::Pin, sync::Arc, time::Duration};

use openidconnect::{HttpRequest, HttpResponse, url::Url};
use tokio::sync::Semaphore;

use crate::endpoint;

/// How long one answer may take, and a free place.
const TIME: Duration = Duration::from_secs(10);
/// The most bytes of one answer. Google's keys are 2 KB, its discovery document as much.
const ANSWER_MAX: u64 = 256 * 1024;
/// How many ask at once: each holds a thread that waits.
const AT_ONCE: usize = 8;

/// Why a provider was not asked, or its answer not taken.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It names an address that could be overheard.
    #[error("{0} is no address that may be asked: only https:// is")]
    Address(String),
    /// It cannot be reached, or is late.
    #[error("{0}")]
    Transport(String),
    /// It says too much.
    #[error("its answer is longer than {ANSWER_MAX} bytes")]
    TooLong,
    /// It sends us elsewhere.
    #[error("it sends us elsewhere ({0})")]
    Elsewhere(u16),
    /// Too many sign-ins wait for it.
    #[error("too many sign-ins wait for it")]
    Busy,
}

/// Who asks.
#[derive(Clone)]
pub(crate) struct Http {
    agent: ureq::Agent,
    plain: bool,
    places: Arc<Semaphore>,
}

impl Http {
    /// Asks over HTTPS; over plain HTTP too where the provider lies on this machine.
    pub(crate) fn new(plain: bool) -> Self {
        Self::within(plain, TIME)
    }

    fn within(plain: bool, time: Duration) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(time))
            .max_redirects(0)
            .http_status_as_error(false)
            // A proxy sees nothing of HTTPS; what lies on this machine is asked without one.
            .proxy(if plain { None } else { ureq::Proxy::try_from_env() })
            .build()
            .into();
        Self { agent, plain, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The same as a function that borrows nothing: with one that does, the compiler does not see that what waits for a
    /// provider may be sent between threads, and no handler could.
    pub(crate) fn asks(
        &self,
    ) -> impl Fn(HttpRequest) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send>> + use<>
    {
        let http = self.clone();
        move |request| {
            let http = http.clone();
            Box::pin(async move { http.call(request).await })
        }
    }

    /// One request, one answer.
    ///
    /// # Errors
    /// Where the address may not be asked, and where no answer came that can be taken.
    pub(crate) async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let uri = request.uri().to_string();
        if !Url::parse(&uri).is_ok_and(|url| endpoint::may_be_asked(&url, self.plain)) {
            return Err(HttpError::Address(crate::error::said(&uri)));
        }
        let place = tokio::time::timeout(TIME, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(HttpError::Busy);
        };
        let agent = self.agent.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let answer = ask(&agent, request);
            drop(place);
            answer
        });
        asked.await.map_err(|error| HttpError::Transport(error.to_string()))?
    }
}

fn ask(agent: &ureq::Agent, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let answer = agent.run(request).map_err(|error| HttpError::Transport(error.to_string()))?;
    if answer.status().is_redirection() {
        return Err(HttpError::Elsewhere(answer.status().as_u16()));
    }
    let (parts, mut body) = answer.into_parts();
    let bytes = body.with_config().limit(ANSWER_MAX).read_to_vec();
    match bytes {
        Ok(bytes) => Ok(HttpResponse::from_parts(parts, bytes)),
        Err(ureq::Error::BodyExceedsLimit(_)) => Err(HttpError::TooLong),
        Err(error) => Err(HttpError::Transport(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_provider_that_takes_the_call_and_says_nothing_is_given_up() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let place = format!("http://{}/token", silent.local_addr().unwrap());
        let http = Http::within(true, Duration::from_millis(200));
        let request = || openidconnect::http::Request::get(&place).body(Vec::new()).unwrap();
        let asked = (0..2 * AT_ONCE).map(|_| http.call(request()));
        for answer in futures_util::future::join_all(asked).await {
            assert!(matches!(answer, Err(HttpError::Transport(_))), "{answer:?}");
        }
    }
}
