//! A provider of our own that says whatever a test wants: what a real one never sends.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Clock, ManualClock};
use hmac::{Hmac, KeyInit, Mac};
use oidc::{OidcClient, OidcError, Pending, ProviderOptions, Start, VerifiedPerson};
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

pub(crate) const CLIENT: &str = "our-client";
pub(crate) const SECRET: &str = "a secret that the provider gave us";
pub(crate) const CODE: &str = "the-code";
const ACCESS: &str = "the-access-token";

/// A key that signs.
pub(crate) struct Key {
    pub(crate) id: &'static str,
    pair: EcdsaKeyPair,
}

impl Key {
    pub(crate) fn new(id: &'static str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self { id, pair }
    }

    /// What is published of it.
    pub(crate) fn jwk(&self) -> Value {
        let point = self.point();
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id,
            "x": base64(&point[1..33]), "y": base64(&point[33..65]),
        })
    }

    /// The public key's bytes: 4, x, y.
    pub(crate) fn point(&self) -> Vec<u8> {
        self.pair.public_key().as_ref().to_vec()
    }

    /// The public key as a file of type PEM has it (RFC 5480).
    pub(crate) fn pem(&self) -> String {
        let mut der = hex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
        der.extend(self.point());
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN PUBLIC KEY-----\n{}\n{}\n-----END PUBLIC KEY-----\n", &text[..64], &text[64..])
    }

    pub(crate) fn sign(&self, message: &str) -> Vec<u8> {
        self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec()
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// HMAC with SHA-256, as HS256 signs.
pub(crate) fn hs256(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Signs what it is given: header and claims, as they stand in a token.
type Signs = Box<dyn Fn(&str) -> Vec<u8> + Send>;
/// Changes a whole token before it is sent.
type Changes = Box<dyn Fn(String) -> String + Send>;

/// An answer that is not what it should be.
pub(crate) struct Instead {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// What the provider says. A test changes what it wants wrong.
pub(crate) struct Says {
    pub(crate) discovery: Map<String, Value>,
    pub(crate) keys: Vec<Value>,
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) sign: Signs,
    pub(crate) token: Changes,
    /// What stands beside the ID token.
    pub(crate) tokens: Map<String, Value>,
    pub(crate) userinfo: Value,
    pub(crate) discovery_instead: Option<Instead>,
    pub(crate) keys_instead: Option<Instead>,
    pub(crate) tokens_instead: Option<Instead>,
    /// Whether the challenge of PKCE is checked, as real providers do.
    pub(crate) pkce: bool,
    /// The challenge that came with the start.
    pub(crate) challenge: String,
    /// What was asked, by path.
    pub(crate) asked: Vec<&'static str>,
}

/// The provider, its address, and a client of ours that knows it.
pub(crate) struct Forger {
    pub(crate) url: String,
    pub(crate) key: Arc<Key>,
    pub(crate) says: Arc<Mutex<Says>>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) client: OidcClient,
    served: JoinSet<()>,
}

type Shared = Arc<Mutex<Says>>;

impl Forger {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let clock = Arc::new(ManualClock::new("2026-11-29T00:00:00Z".parse().unwrap()));
        let key = Arc::new(Key::new("first"));
        let says = Arc::new(Mutex::new(good(&url, &key, clock.now().as_second())));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(tokens))
            .route("/userinfo", get(userinfo))
            .fallback(elsewhere)
            .with_state(Arc::clone(&says));
        let mut served = JoinSet::new();
        served.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let client = OidcClient::new(&options(&url), clock.clone()).unwrap();
        Self { url, key, says, clock, client, served }
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().unwrap());
    }

    pub(crate) fn asked(&self, path: &str) -> usize {
        self.says.lock().unwrap().asked.iter().filter(|asked| **asked == path).count()
    }

    /// Begins, and lets the provider know what it is asked for.
    pub(crate) async fn begin(&self) -> Result<Pending, OidcError> {
        let (url, pending) = self.client.start(Start::default()).await?;
        let parts = query(&url);
        let part = |name: &str| parts.iter().find(|(key, _)| key == name).unwrap().1.clone();
        assert_eq!(part("response_type"), "code");
        assert_eq!(part("code_challenge_method"), "S256");
        assert_eq!(part("client_id"), CLIENT);
        assert_eq!(part("scope"), "openid email profile");
        let now = self.clock.now().as_second();
        self.change(|says| {
            says.claims.insert("nonce".to_owned(), part("nonce").into());
            says.claims.insert("iat".to_owned(), now.into());
            says.claims.insert("exp".to_owned(), (now + 3600).into());
            says.challenge = part("code_challenge");
        });
        Ok(pending)
    }

    /// What a browser comes back with.
    pub(crate) fn back(&self, pending: &Pending) -> String {
        format!("code={CODE}&state={}&iss={}", field(pending, "state"), self.url)
    }

    /// A whole sign-in, with what the provider says by now.
    pub(crate) async fn sign_in(&self) -> Result<VerifiedPerson, OidcError> {
        let pending = self.begin().await?;
        let back = self.back(&pending);
        self.client.finish(pending, &back).await
    }

    /// The provider goes away.
    pub(crate) async fn stop(&mut self) {
        self.served.shutdown().await;
    }
}

/// How we are registered.
pub(crate) fn options(issuer: &str) -> ProviderOptions {
    ProviderOptions {
        id: "forger".to_owned(),
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: SECRET.into(),
        redirect_url: "http://127.0.0.1:3001/api/auth/callback/forger".to_owned(),
    }
}

/// A field of what a browser keeps.
pub(crate) fn field(pending: &Pending, name: &str) -> String {
    serde_json::to_value(pending).unwrap()[name].as_str().unwrap().to_owned()
}

/// The same with other fields.
pub(crate) fn with(pending: &Pending, name: &str, value: impl Into<Value>) -> Pending {
    let mut fields = serde_json::to_value(pending).unwrap();
    fields[name] = value.into();
    serde_json::from_value(fields).unwrap()
}

/// The parts of an address's query.
pub(crate) fn query(url: &str) -> Vec<(String, String)> {
    let url = openidconnect::url::Url::parse(url).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// What a provider says that has nothing wrong.
fn good(url: &str, key: &Arc<Key>, now: i64) -> Says {
    let map = |value: Value| value.as_object().unwrap().clone();
    let signs = Arc::clone(key);
    Says {
        discovery: map(json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": true,
        })),
        keys: vec![key.jwk()],
        header: map(json!({ "alg": "ES256", "kid": key.id, "typ": "JWT" })),
        claims: map(json!({
            "iss": url, "aud": CLIENT, "sub": "person-1", "iat": now, "exp": now + 3600,
            "email": "Asha@Example.com", "email_verified": true, "name": "Asha Juma", "locale": "sw",
        })),
        sign: Box::new(move |message| signs.sign(message)),
        token: Box::new(|token| token),
        tokens: map(json!({ "access_token": ACCESS, "token_type": "Bearer", "expires_in": 3600 })),
        userinfo: json!({ "sub": "person-1" }),
        discovery_instead: None,
        keys_instead: None,
        tokens_instead: None,
        pkce: true,
        challenge: String::new(),
        asked: Vec::new(),
    }
}

fn json_answer(value: &Value) -> Response {
    ([("content-type", "application/json")], value.to_string()).into_response()
}

fn instead(instead: &Instead) -> Response {
    let mut answer = (StatusCode::from_u16(instead.status).unwrap(), instead.body.clone()).into_response();
    for (name, value) in &instead.headers {
        answer.headers_mut().insert(*name, value.parse().unwrap());
    }
    answer
}

async fn discovery(State(says): State<Shared>) -> Response {
    let mut says = says.lock().unwrap();
    says.asked.push("/discovery");
    says.discovery_instead
        .as_ref()
        .map_or_else(|| json_answer(&Value::Object(says.discovery.clone())), instead)
}

async fn keys(State(says): State<Shared>) -> Response {
    let mut says = says.lock().unwrap();
    says.asked.push("/keys");
    says.keys_instead.as_ref().map_or_else(|| json_answer(&json!({ "keys": says.keys })), instead)
}

async fn userinfo(State(says): State<Shared>) -> Response {
    let mut says = says.lock().unwrap();
    says.asked.push("/userinfo");
    json_answer(&says.userinfo)
}

async fn elsewhere(State(says): State<Shared>) -> StatusCode {
    says.lock().unwrap().asked.push("elsewhere");
    StatusCode::NOT_FOUND
}

async fn tokens(State(says): State<Shared>, form: String) -> Response {
    let mut says = says.lock().unwrap();
    says.asked.push("/token");
    if let Some(other) = &says.tokens_instead {
        return instead(other);
    }
    let form = query(&format!("http://form/?{form}"));
    let part = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let verifier = part("code_verifier").unwrap_or_default();
    let challenged = base64(digest(&SHA256, verifier.as_bytes()).as_ref()) == says.challenge;
    if part("code") != Some(CODE) || (says.pkce && !challenged) {
        let mut refused = json_answer(&json!({ "error": "invalid_grant" }));
        *refused.status_mut() = StatusCode::BAD_REQUEST;
        return refused;
    }
    let [header, claims] =
        [&says.header, &says.claims].map(|part| base64(Value::Object(part.clone()).to_string().as_bytes()));
    let message = format!("{header}.{claims}");
    let token = (says.token)(format!("{message}.{}", base64(&(says.sign)(&message))));
    let mut tokens = says.tokens.clone();
    if !tokens.contains_key("id_token") {
        tokens.insert("id_token".to_owned(), token.into());
    }
    tokens.retain(|_, value| !value.is_null());
    json_answer(&Value::Object(tokens))
}
