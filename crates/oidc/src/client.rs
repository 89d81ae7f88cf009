//! The two halves of a sign-in.

use std::sync::Arc;

use domain::Clock;
use openidconnect::{
    AccessToken, AuthType, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, IssuerUrl, LanguageTag, LoginHint, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse,
    SubjectIdentifier, TokenResponse, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use crate::{
    OidcError, OptionsError, Pending, ProviderOptions, VerifiedPerson,
    answer::Answer,
    error::said,
    http::HttpError,
    person::Said,
    provider::{Metadata, Provider},
    used::Used,
    verify::{Expected, Extra, Refusal, Token, verify},
};

/// What the token endpoint answers.
type Tokens = StandardTokenResponse<
    IdTokenFields<
        Extra,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The library's client, with what [`Extra`] reads and the endpoints that discovery names.
type Library = Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How a sign-in begins.
#[derive(Debug, Default, Clone, Copy)]
pub struct Start<'a> {
    /// The language of the provider's pages, like `sw`.
    pub language: Option<&'a str>,
    /// The address that the person typed, so that the provider offers it first.
    pub email: Option<&'a str>,
}

/// One provider, as our users sign in by it. Cheap to share behind an `Arc`; keeps what the provider publishes.
pub struct OidcClient {
    id: String,
    issuer: IssuerUrl,
    client: ClientId,
    secret: ClientSecret,
    redirect: RedirectUrl,
    provider: Provider,
    clock: Arc<dyn Clock>,
    used: Used,
}

impl OidcClient {
    /// Asks nothing yet: a provider that is away keeps nobody from starting.
    ///
    /// # Errors
    /// Where a setting cannot be used; the words name it.
    pub fn new(options: &ProviderOptions, clock: Arc<dyn Clock>) -> Result<Self, OptionsError> {
        let checked = options.check()?;
        Ok(Self {
            id: options.id.clone(),
            issuer: checked.issuer.clone(),
            client: ClientId::new(options.client_id.clone()),
            secret: ClientSecret::new(options.client_secret.expose_secret().to_owned()),
            redirect: checked.redirect,
            provider: Provider::new(checked.issuer, checked.plain, Arc::clone(&clock)),
            clock,
            used: Used::default(),
        })
    }

    /// The provider's id in our paths.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Begins: where the browser goes, and what it keeps until it comes back.
    ///
    /// # Errors
    /// Where the provider is away, or says of itself what cannot be used.
    pub async fn start(&self, start: Start<'_>) -> Result<(String, Pending), OidcError> {
        let metadata = self.provider.metadata().await?;
        let library = self.library(&metadata);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = library
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge);
        if let Some(language) = start.language {
            request = request.add_ui_locale(LanguageTag::new(language.to_owned()));
        }
        if let Some(email) = start.email {
            request = request.set_login_hint(LoginHint::new(email.to_owned()));
        }
        let (url, state, nonce) = request.url();
        let secrets = (&state, &nonce, &verifier);
        let pending = Pending::new(&self.id, self.issuer.as_str(), secrets, self.clock.now());
        Ok((url.into(), pending))
    }

    /// Finishes: `pending` is what this very browser kept, `query` what it came back with (without the question mark).
    /// Each start is finished at most once, also where finishing fails.
    ///
    /// # Errors
    /// Where there is any doubt who the person is. [`OidcError::trouble`] says what a page says about it.
    pub async fn finish(&self, pending: Pending, query: &str) -> Result<VerifiedPerson, OidcError> {
        if pending.provider != self.id || pending.issuer != self.issuer.as_str() {
            return Err(OidcError::OtherProvider);
        }
        let now = self.clock.now().as_second();
        // One that begins in the future was not made by us, or our clock went back: begin again.
        if now > pending.ends() || pending.began > now {
            return Err(OidcError::Late);
        }
        let answer = Answer::read(query)?;
        // Before anything that the answer says is believed: whose link is this?
        if !bool::from(answer.state.as_bytes().ct_eq(pending.state.as_bytes())) {
            return Err(OidcError::State);
        }
        if answer.issuer.as_ref().is_some_and(|issuer| issuer != self.issuer.as_str()) {
            return Err(OidcError::MixUp);
        }
        if !self.used.take(&pending.state, pending.ends(), now) {
            return Err(OidcError::Replayed);
        }
        let metadata = self.provider.metadata().await?;
        if metadata.additional_metadata().authorization_response_iss_parameter_supported
            && answer.issuer.is_none()
        {
            return Err(OidcError::MixUp);
        }
        if let Some(error) = answer.error {
            let no = error == "access_denied";
            return Err(if no { OidcError::Cancelled } else { OidcError::Refused(said(&error)) });
        }
        let code = answer.code.ok_or(OidcError::Query("no code"))?;
        let library = self.library(&metadata);
        let tokens = self.exchange(&library, code, pending.verifier).await?;
        let token = tokens.id_token().ok_or(OidcError::NoToken)?;
        let nonce = Nonce::new(pending.nonce);
        let expected = Expected {
            client: &self.client,
            nonce: &nonce,
            access: tokens.access_token(),
            began: pending.began,
            now: self.clock.now(),
        };
        let (claims, metadata) = self.verified(token, metadata, &expected).await?;
        let subject = claims.subject();
        let mut said = Said::by_token(claims);
        if !said.has_email() && metadata.userinfo_endpoint().is_some() {
            said = self.ask(&self.library(&metadata), tokens.access_token(), subject).await?;
        }
        said.person(self.issuer.as_str(), subject.as_str())
    }

    /// The library's client by what the provider publishes.
    fn library(&self, metadata: &Metadata) -> Library {
        // What discovery leaves out means the header (OpenID Connect Discovery, section 3).
        let by_body = metadata.token_endpoint_auth_methods_supported().is_some_and(|ways| {
            !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && ways.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        let (client, secret) = (self.client.clone(), self.secret.clone());
        let library = Library::from_provider_metadata(metadata.clone(), client, Some(secret));
        let way = if by_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        library.set_auth_type(way).set_redirect_uri(self.redirect.clone())
    }

    async fn exchange(&self, library: &Library, code: String, verifier: String) -> Result<Tokens, OidcError> {
        let wrong = |error: &dyn std::fmt::Display| OidcError::Exchange(said(&error.to_string()));
        let ask = self.provider.http().asks();
        let request = library.exchange_code(AuthorizationCode::new(code)).map_err(|error| wrong(&error))?;
        let tokens = request.set_pkce_verifier(PkceCodeVerifier::new(verifier)).request_async(&ask).await;
        tokens.map_err(|error| match error {
            RequestTokenError::Request(error @ (HttpError::Transport(_) | HttpError::Busy)) => {
                OidcError::Away(error)
            }
            RequestTokenError::Request(error) => wrong(&error),
            // Its code alone: a description may hold anything.
            RequestTokenError::ServerResponse(answer) => wrong(answer.error()),
            // What could not be read may hold tokens.
            RequestTokenError::Parse(error, _) => wrong(&format_args!("{} cannot be read", error.path())),
            RequestTokenError::Other(what) => wrong(&what),
        })
    }

    /// The claims of a token that fits, with keys fetched anew where those that we have do not fit.
    async fn verified<'t>(
        &self,
        token: &'t Token,
        metadata: Arc<Metadata>,
        expected: &Expected<'_>,
    ) -> Result<(&'t openidconnect::IdTokenClaims<Extra, CoreGenderClaim>, Arc<Metadata>), OidcError> {
        let refused = |refusal: Refusal| OidcError::Token(refusal.to_string());
        let first = match verify(token, &metadata, expected) {
            Ok(claims) => return Ok((claims, metadata)),
            Err(refusal @ Refusal::Key(_)) => refusal,
            Err(refusal) => return Err(refused(refusal)),
        };
        let Some(renewed) = self.provider.renewed(&metadata).await? else {
            return Err(refused(first));
        };
        let claims = verify(token, &renewed, expected).map_err(refused)?;
        Ok((claims, renewed))
    }

    /// What the userinfo endpoint says, for providers that keep an ID token short.
    async fn ask(
        &self,
        library: &Library,
        access: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<Said, OidcError> {
        let wrong = |error: &dyn std::fmt::Display| OidcError::Person(said(&error.to_string()));
        let ask = self.provider.http().asks();
        let request =
            library.user_info(access.clone(), Some(subject.clone())).map_err(|error| wrong(&error))?;
        let said: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> =
            request.request_async(&ask).await.map_err(|error| match error {
                openidconnect::UserInfoError::Request(
                    error @ (HttpError::Transport(_) | HttpError::Busy),
                ) => OidcError::Away(error),
                openidconnect::UserInfoError::Request(error) => wrong(&error),
                openidconnect::UserInfoError::ClaimsVerification(error) => wrong(&error),
                error => wrong(&error),
            })?;
        Ok(Said::by_userinfo(said.standard_claims()))
    }
}
