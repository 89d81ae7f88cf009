//! What must never let anybody in, each beside a sign-in that has nothing wrong but this.

use std::sync::Arc;

use oidc::{OidcClient, OidcError, Trouble};
use serde_json::{Value, json};

use crate::forger::{self, CODE, Forger, Instead, Key, SECRET, Says, base64, field, hs256, options, with};

/// Which refusal is meant: another one would hide what a test is for.
type Meant = fn(&OidcError) -> bool;

macro_rules! is {
    ($pattern:pat) => {
        (|error| matches!(error, $pattern)) as Meant
    };
}

fn token_says(error: &OidcError, words: &str) -> bool {
    matches!(error, OidcError::Token(_)) && error.to_string().contains(words)
}

/// Changes what a browser keeps.
type Bends = fn(&oidc::Pending) -> oidc::Pending;

/// The name of a lie, the lie, and how it has to be refused.
type Lie = (&'static str, fn(&Forger), Meant);

fn claim(forger: &Forger, name: &str, value: impl Into<Value>) {
    let value = value.into();
    // What `begin` sets is set again by every start, so a lie about it is put into the token itself.
    let name = name.to_owned();
    let key = Arc::clone(&forger.key);
    forger.change(|says| {
        says.token = Box::new(move |token| {
            let parts: Vec<&str> = token.split('.').collect();
            let mut claims: Value = serde_json::from_slice(&decoded(parts[1])).unwrap();
            claims[&name] = value.clone();
            if claims[&name].is_null() {
                claims.as_object_mut().unwrap().remove(&name);
            }
            let message = format!("{}.{}", parts[0], base64(claims.to_string().as_bytes()));
            format!("{message}.{}", base64(&key.sign(&message)))
        });
    });
}

fn decoded(part: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

fn header(forger: &Forger, name: &str, value: impl Into<Value>) {
    forger.change(|says| {
        says.header.insert(name.to_owned(), value.into());
    });
}

fn signed(forger: &Forger, alg: &str, sign: impl Fn(&str) -> Vec<u8> + Send + 'static) {
    header(forger, "alg", alg);
    forger.change(|says| says.sign = Box::new(sign));
}

fn instead(status: u16, kind: &str, body: impl Into<String>) -> Option<Instead> {
    Some(Instead { status, headers: vec![("content-type", kind.to_owned())], body: body.into() })
}

fn away(place: &str) -> Option<Instead> {
    Some(Instead { status: 302, headers: vec![("location", place.to_owned())], body: String::new() })
}

fn discovery(forger: &Forger, name: &str, value: impl Into<Value>) {
    forger.change(|says| {
        says.discovery.insert(name.to_owned(), value.into());
    });
}

/// A year from where the clock of these tests stands.
const NOW: i64 = 1_795_910_400;

/// What a token that lies says.
const TOKENS: &[Lie] = &[
    ("the nonce of another sign-in", |f| claim(f, "nonce", "another"), |e| token_says(e, "nonce")),
    ("no nonce", |f| claim(f, "nonce", Value::Null), |e| token_says(e, "nonce")),
    ("another issuer", |f| claim(f, "iss", "https://accounts.example.com"), |e| token_says(e, "issuer")),
    (
        "the issuer with a slash",
        |f| {
            let slash = format!("{}/", f.url);
            claim(f, "iss", slash);
        },
        |e| token_says(e, "issuer"),
    ),
    ("no issuer", |f| claim(f, "iss", Value::Null), is!(OidcError::Exchange(_) | OidcError::Token(_))),
    ("another audience", |f| claim(f, "aud", "another-client"), |e| token_says(e, "audience")),
    (
        "a second audience",
        |f| claim(f, "aud", json!([forger::CLIENT, "another-client"])),
        |e| token_says(e, "audience"),
    ),
    ("no audience", |f| claim(f, "aud", json!([])), |e| token_says(e, "audience")),
    ("issued to another client", |f| claim(f, "azp", "another-client"), |e| token_says(e, "azp")),
    ("expired, beyond what clocks may differ", |f| claim(f, "exp", NOW - 61), |e| token_says(e, "xpired")),
    ("no end", |f| claim(f, "exp", Value::Null), is!(OidcError::Exchange(_))),
    ("not valid yet", |f| claim(f, "nbf", NOW + 120), |e| token_says(e, "not valid yet")),
    ("issued in the future", |f| claim(f, "iat", NOW + 120), |e| token_says(e, "future")),
    (
        "issued before the sign-in began",
        |f| claim(f, "iat", NOW - 120),
        |e| token_says(e, "before this sign-in"),
    ),
    ("no issue time", |f| claim(f, "iat", Value::Null), is!(OidcError::Exchange(_))),
    ("no subject", |f| claim(f, "sub", Value::Null), is!(OidcError::Exchange(_))),
    ("an empty subject", |f| claim(f, "sub", ""), is!(OidcError::Person(_))),
    ("a subject of 300 letters", |f| claim(f, "sub", "s".repeat(300)), is!(OidcError::Person(_))),
    (
        "the hash of another access token",
        |f| claim(f, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
        |e| token_says(e, "another access"),
    ),
    ("alg none without a signature", |f| signed(f, "none", |_| Vec::new()), is!(OidcError::Token(_))),
    (
        "alg None, spelled otherwise",
        |f| signed(f, "nOnE", |_| Vec::new()),
        is!(OidcError::Exchange(_) | OidcError::Token(_)),
    ),
    (
        "alg none with a true signature",
        |f| {
            let key = Arc::clone(&f.key);
            signed(f, "none", move |message| key.sign(message));
        },
        is!(OidcError::Token(_)),
    ),
    (
        "HS256 with our secret",
        |f| signed(f, "HS256", |message| hs256(SECRET.as_bytes(), message)),
        |e| token_says(e, "HS256"),
    ),
    (
        "HS256 with the public key's bytes",
        |f| {
            let point = f.key.point();
            signed(f, "HS256", move |message| hs256(&point, message));
        },
        |e| token_says(e, "HS256"),
    ),
    (
        "HS256 with the public key as PEM",
        |f| {
            let pem = f.key.pem();
            signed(f, "HS256", move |message| hs256(pem.as_bytes(), message));
        },
        |e| token_says(e, "HS256"),
    ),
    (
        "HS256 with the published document",
        |f| {
            let jwk = f.key.jwk().to_string();
            signed(f, "HS256", move |message| hs256(jwk.as_bytes(), message));
        },
        |e| token_says(e, "HS256"),
    ),
    (
        "HS256 with a shared key that is published",
        |f| {
            f.change(|says| {
                says.keys.push(json!({ "kty": "oct", "kid": "shared", "k": base64(b"everybody knows it") }));
            });
            header(f, "kid", "shared");
            signed(f, "HS256", |message| hs256(b"everybody knows it", message));
        },
        |e| token_says(e, "HS256"),
    ),
    (
        "signed with a key that only has the same name",
        |f| {
            let key = Key::new("first");
            f.change(|says| says.sign = Box::new(move |message| key.sign(message)));
        },
        is!(OidcError::Token(_)),
    ),
    (
        "signed with a key that nobody published",
        |f| {
            let key = Key::new("unknown");
            header(f, "kid", "unknown");
            f.change(|says| says.sign = Box::new(move |message| key.sign(message)));
        },
        |e| token_says(e, "key"),
    ),
    (
        "with its key in its own header",
        |f| {
            let key = Key::new("first");
            header(f, "jwk", key.jwk());
            f.change(|says| says.sign = Box::new(move |message| key.sign(message)));
        },
        is!(OidcError::Token(_)),
    ),
    (
        "with the place of its keys in its own header",
        |f| {
            let key = Key::new("mine");
            header(f, "kid", "mine");
            header(f, "jku", format!("{}/elsewhere", f.url));
            f.change(|says| says.sign = Box::new(move |message| key.sign(message)));
        },
        is!(OidcError::Token(_)),
    ),
    (
        "no key named where there are two",
        |f| {
            f.change(|says| {
                says.keys.push(Key::new("second").jwk());
                says.header.remove("kid");
            });
        },
        |e| token_says(e, "key"),
    ),
    (
        "signed with a key for encryption",
        |f| f.change(|says| says.keys[0]["use"] = "enc".into()),
        |e| token_says(e, "key"),
    ),
    ("another algorithm than its key's", |f| header(f, "alg", "RS256"), |e| token_says(e, "key")),
    (
        "signed in the way of certificates",
        |f| {
            // An ECDSA signature as DER, which JWS does not use.
            f.change(|says| says.sign = Box::new(|_| vec![0x30, 6, 2, 1, 1, 2, 1, 1]));
        },
        is!(OidcError::Token(_)),
    ),
    (
        "no signature",
        |f| f.change(|says| says.sign = Box::new(|_| Vec::new())),
        is!(OidcError::Token(_) | OidcError::Exchange(_)),
    ),
    (
        "a signature of zeros",
        |f| f.change(|says| says.sign = Box::new(|_| vec![0; 64])),
        is!(OidcError::Token(_)),
    ),
    (
        "changed after it was signed",
        |f| {
            f.change(|says| {
                says.token = Box::new(|token| {
                    let parts: Vec<&str> = token.split('.').collect();
                    let claims = String::from_utf8(decoded(parts[1])).unwrap();
                    let claims = claims.replace("person-1", "person-2");
                    format!("{}.{}.{}", parts[0], base64(claims.as_bytes()), parts[2])
                });
            });
        },
        is!(OidcError::Token(_)),
    ),
    (
        "with a part that must be understood",
        |f| header(f, "crit", json!(["b64"])),
        |e| token_says(e, "critical"),
    ),
    ("an access token in its place", |f| header(f, "typ", "at+jwt"), |e| token_says(e, "type")),
    ("a logout token in its place", |f| header(f, "typ", "logout+jwt"), |e| token_says(e, "type")),
    ("one token within another", |f| header(f, "cty", "JWT"), |e| token_says(e, "nested")),
    ("an encrypted one", |f| header(f, "alg", "RSA-OAEP"), is!(OidcError::Exchange(_) | OidcError::Token(_))),
    (
        "two parts",
        |f| f.change(|says| says.token = Box::new(|token| token.rsplit_once('.').unwrap().0.to_owned())),
        is!(OidcError::Exchange(_)),
    ),
    (
        "five parts",
        |f| f.change(|says| says.token = Box::new(|token| format!("{token}.a.b"))),
        is!(OidcError::Exchange(_) | OidcError::Token(_)),
    ),
    (
        "not a token",
        |f| f.change(|says| says.token = Box::new(|_| "not a token".to_owned())),
        is!(OidcError::Exchange(_)),
    ),
    (
        "a number",
        |f| {
            f.change(|says| {
                says.tokens.insert("id_token".to_owned(), 7.into());
            });
        },
        is!(OidcError::Exchange(_)),
    ),
    (
        "none at all",
        |f| {
            f.change(|says| {
                says.tokens.insert("id_token".to_owned(), Value::Null);
            });
        },
        is!(OidcError::NoToken),
    ),
    (
        "a key whose point is too short",
        |f| f.change(|says| says.keys[0]["x"] = base64(&[1, 2, 3]).into()),
        is!(OidcError::Token(_)),
    ),
    (
        "a key whose point is on no curve",
        |f| f.change(|says| says.keys[0]["x"] = base64(&[7; 32]).into()),
        is!(OidcError::Token(_)),
    ),
];

/// What is said of the person.
const PEOPLE: &[Lie] = &[
    ("no email", |f| claim(f, "email", Value::Null), is!(OidcError::NoEmail)),
    ("an empty email", |f| claim(f, "email", ""), is!(OidcError::NoEmail)),
    ("an email that is not verified", |f| claim(f, "email_verified", false), is!(OidcError::Unverified)),
    (
        "no word whether it is verified",
        |f| claim(f, "email_verified", Value::Null),
        is!(OidcError::Unverified),
    ),
    (
        "the word true in quotes",
        |f| claim(f, "email_verified", "true"),
        is!(OidcError::Exchange(_) | OidcError::Unverified),
    ),
    ("the number 1", |f| claim(f, "email_verified", 1), is!(OidcError::Exchange(_) | OidcError::Unverified)),
    ("letters that look alike", |f| claim(f, "email", "\u{430}sha@example.com"), is!(OidcError::Email(_))),
    ("two addresses", |f| claim(f, "email", "asha@example.com,ben@example.com"), is!(OidcError::Email(_))),
    (
        "a line break",
        |f| claim(f, "email", "asha@example.com\r\nbcc: x@example.com"),
        is!(OidcError::Email(_)),
    ),
    (
        "another person's userinfo",
        |f| {
            claim(f, "email", Value::Null);
            f.change(|says| {
                says.userinfo =
                    json!({ "sub": "person-2", "email": "asha@example.com", "email_verified": true });
            });
        },
        is!(OidcError::Person(_)),
    ),
    (
        "nobody's userinfo",
        |f| {
            claim(f, "email", Value::Null);
            f.change(|says| says.userinfo = json!({ "email": "asha@example.com", "email_verified": true }));
        },
        is!(OidcError::Person(_)),
    ),
    (
        "the token's address with the userinfo's word",
        |f| {
            claim(f, "email_verified", Value::Null);
            f.change(|says| {
                says.userinfo =
                    json!({ "sub": "person-1", "email": "asha@example.com", "email_verified": true });
            });
        },
        is!(OidcError::Unverified),
    ),
    (
        "the userinfo's address with the token's word",
        |f| {
            claim(f, "email", Value::Null);
            f.change(|says| says.userinfo = json!({ "sub": "person-1", "email": "asha@example.com" }));
        },
        is!(OidcError::Unverified),
    ),
];

/// What the token endpoint answers.
const ANSWERS: &[Lie] = &[
    (
        "sends us elsewhere",
        |f| {
            let place = format!("{}/elsewhere", f.url);
            f.change(|says| says.tokens_instead = away(&place));
        },
        is!(OidcError::Exchange(_)),
    ),
    (
        "a page",
        |f| f.change(|says| says.tokens_instead = instead(200, "text/html", "<h1>Sign in</h1>")),
        is!(OidcError::Exchange(_)),
    ),
    (
        "nothing",
        |f| f.change(|says| says.tokens_instead = instead(200, "application/json", "")),
        is!(OidcError::Exchange(_)),
    ),
    (
        "more than anybody needs",
        |f| f.change(|says| says.tokens_instead = instead(200, "application/json", "[".repeat(300 * 1024))),
        |e| e.to_string().contains("longer than"),
    ),
    (
        "brackets without end",
        |f| f.change(|says| says.tokens_instead = instead(200, "application/json", "[".repeat(200 * 1024))),
        is!(OidcError::Exchange(_)),
    ),
    (
        "an error of its own",
        |f| f.change(|says| says.tokens_instead = instead(500, "application/json", "{}")),
        is!(OidcError::Exchange(_)),
    ),
    (
        "a used code, as real ones say",
        |f| {
            f.change(|says| {
                says.tokens_instead = instead(400, "application/json", "{\"error\":\"invalid_grant\"}");
            });
        },
        is!(OidcError::Exchange(_)),
    ),
];

/// What it publishes about itself.
const DISCOVERIES: &[Lie] = &[
    (
        "another issuer",
        |f| discovery(f, "issuer", "https://accounts.example.com"),
        is!(OidcError::Discovery(_)),
    ),
    (
        "codes sent over plain HTTP",
        |f| discovery(f, "token_endpoint", "http://token.example.com/"),
        is!(OidcError::Discovery(_)),
    ),
    (
        "no token endpoint",
        |f| {
            f.change(|says| {
                says.discovery.remove("token_endpoint");
            });
        },
        is!(OidcError::Discovery(_)),
    ),
    (
        "people sent over plain HTTP",
        |f| discovery(f, "authorization_endpoint", "http://authorize.example.com/"),
        is!(OidcError::Discovery(_)),
    ),
    (
        "people sent to a script",
        |f| discovery(f, "authorization_endpoint", "javascript:alert(1)"),
        is!(OidcError::Discovery(_)),
    ),
    (
        "keys from plain HTTP",
        |f| discovery(f, "jwks_uri", "http://keys.example.com/"),
        is!(OidcError::Discovery(_)),
    ),
    ("keys from a file", |f| discovery(f, "jwks_uri", "file:///etc/passwd"), is!(OidcError::Discovery(_))),
    (
        "userinfo over plain HTTP",
        |f| discovery(f, "userinfo_endpoint", "http://userinfo.example.com/"),
        is!(OidcError::Discovery(_)),
    ),
    ("no keys", |f| f.change(|says| says.keys.clear()), is!(OidcError::Discovery(_))),
    (
        "sends us elsewhere",
        |f| {
            let place = format!("{}/elsewhere", f.url);
            f.change(|says| says.discovery_instead = away(&place));
        },
        is!(OidcError::Discovery(_)),
    ),
    (
        "keys that lie elsewhere",
        |f| {
            let place = format!("{}/elsewhere", f.url);
            f.change(|says| says.keys_instead = away(&place));
        },
        is!(OidcError::Discovery(_)),
    ),
    (
        "a page",
        |f| f.change(|says| says.discovery_instead = instead(200, "text/html", "<h1>Welcome</h1>")),
        is!(OidcError::Discovery(_)),
    ),
    (
        "more than anybody needs",
        |f| {
            f.change(|says| {
                says.discovery_instead = instead(200, "application/json", " ".repeat(300 * 1024));
            });
        },
        |e| e.to_string().contains("longer than"),
    ),
    (
        "an error of its own",
        |f| f.change(|says| says.discovery_instead = instead(503, "text/plain", "")),
        is!(OidcError::Away(_)),
    ),
    (
        "not there",
        |f| f.change(|says| says.discovery_instead = instead(404, "text/plain", "")),
        is!(OidcError::Discovery(_)),
    ),
];

/// A sign-in with nothing wrong goes through, each lie does not, by the refusal that is meant, and nobody else is asked.
async fn none_is_taken(lies: &[Lie]) -> usize {
    for (name, lie, meant) in lies {
        let forger = Forger::start().await;
        lie(&forger);
        let error = forger.sign_in().await.expect_err(name);
        assert!(meant(&error), "{name}: {error:?}");
        assert_eq!(forger.asked("elsewhere"), 0, "{name}: somebody else was asked");
        let said = error.to_string();
        assert!(said.len() < 400 && !said.contains(SECRET) && !said.contains(CODE), "{name}: {said}");
    }
    lies.len()
}

#[tokio::test]
async fn a_sign_in_with_nothing_wrong_goes_through() {
    let forger = Forger::start().await;
    let person = forger.sign_in().await.unwrap();
    assert_eq!(person.email, "asha@example.com");
    assert_eq!((person.subject.as_str(), person.issuer.as_str()), ("person-1", forger.url.as_str()));
    assert_eq!((person.name.as_deref(), person.locale.as_deref()), (Some("Asha Juma"), Some("sw")));
    // The address was in the token: nobody else was asked for it.
    assert_eq!(forger.asked("/userinfo"), 0);
    // A provider that keeps its token short says the address when it is asked.
    claim(&forger, "email", Value::Null);
    forger.change(|says| {
        says.userinfo = json!({ "sub": "person-1", "email": "asha@example.com", "email_verified": true });
    });
    assert_eq!(forger.sign_in().await.unwrap().email, "asha@example.com");
    assert_eq!(forger.asked("/userinfo"), 1);
}

#[tokio::test]
async fn no_forged_token_is_taken() {
    assert!(none_is_taken(TOKENS).await >= 30);
}

#[tokio::test]
async fn nobody_is_taken_for_whom_the_provider_does_not_vouch() {
    none_is_taken(PEOPLE).await;
}

#[tokio::test]
async fn no_strange_answer_is_taken() {
    none_is_taken(ANSWERS).await;
}

#[tokio::test]
async fn no_strange_provider_is_asked() {
    none_is_taken(DISCOVERIES).await;
}

/// A sign-in up to the browser's way back.
async fn begun() -> (Forger, oidc::Pending, String) {
    let forger = Forger::start().await;
    let pending = forger.begin().await.unwrap();
    let state = field(&pending, "state");
    (forger, pending, state)
}

#[tokio::test]
async fn no_strange_way_back_is_taken() {
    let long = format!("&x={}", "x".repeat(9000));
    let ways: &[(&str, &str, Meant)] = &[
        // Somebody else's link, opened in this browser: fixation.
        ("another state", "code=the-code&state=another&iss={iss}", is!(OidcError::State)),
        ("no state", "code=the-code&iss={iss}", is!(OidcError::Query(_))),
        ("an empty state", "code=the-code&state=&iss={iss}", is!(OidcError::Query(_))),
        ("the state twice", "code=the-code&state={state}&state={state}&iss={iss}", is!(OidcError::Query(_))),
        ("a code twice", "code=the-code&code=another&state={state}&iss={iss}", is!(OidcError::Query(_))),
        ("no code", "state={state}&iss={iss}", is!(OidcError::Query(_))),
        ("an empty code", "code=&state={state}&iss={iss}", is!(OidcError::Query(_))),
        (
            "a code and an error",
            "code=the-code&error=access_denied&state={state}&iss={iss}",
            is!(OidcError::Query(_)),
        ),
        ("too much", &format!("code=the-code&state={{state}}&iss={{iss}}{long}"), is!(OidcError::Query(_))),
        ("nothing", "", is!(OidcError::Query(_))),
        (
            "another issuer: a mix-up",
            "code=the-code&state={state}&iss=https://accounts.example.com",
            is!(OidcError::MixUp),
        ),
        ("no issuer where one is promised", "code=the-code&state={state}", is!(OidcError::MixUp)),
        ("the issuer twice", "code=the-code&state={state}&iss={iss}&iss={iss}", is!(OidcError::Query(_))),
        ("another code", "code=another&state={state}&iss={iss}", is!(OidcError::Exchange(_))),
        ("the person's no", "error=access_denied&state={state}&iss={iss}", is!(OidcError::Cancelled)),
        ("the provider's no", "error=server_error&state={state}&iss={iss}", is!(OidcError::Refused(_))),
        (
            "a no that somebody else made up",
            "error=access_denied&state=another&iss={iss}",
            is!(OidcError::State),
        ),
    ];
    for (name, way, meant) in ways {
        let (forger, pending, state) = begun().await;
        let back = way.replace("{state}", &state).replace("{iss}", &forger.url);
        let error = forger.client.finish(pending, &back).await.expect_err(name);
        assert!(meant(&error), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn no_strange_start_is_finished() {
    let lies: &[(&str, Bends, Meant)] = &[
        ("another provider's", |p| with(p, "provider", "google"), is!(OidcError::OtherProvider)),
        (
            "another issuer's",
            |p| with(p, "issuer", "https://accounts.google.com"),
            is!(OidcError::OtherProvider),
        ),
        ("of eleven minutes ago", |p| with(p, "began", NOW - 660), is!(OidcError::Late)),
        ("of tomorrow", |p| with(p, "began", NOW + 86_400), is!(OidcError::Late)),
        ("with another proof of PKCE", |p| with(p, "verifier", "v".repeat(43)), is!(OidcError::Exchange(_))),
        ("with another nonce", |p| with(p, "nonce", "another"), is!(OidcError::Token(_))),
        ("with another state", |p| with(p, "state", "another"), is!(OidcError::State)),
    ];
    for (name, lie, meant) in lies {
        let (forger, pending, _) = begun().await;
        let back = forger.back(&pending);
        let error = forger.client.finish(lie(&pending), &back).await.expect_err(name);
        assert!(meant(&error), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn a_sign_in_is_finished_once_whatever_the_provider_does_with_its_code() {
    let (forger, pending, _) = begun().await;
    let back = forger.back(&pending);
    forger.client.finish(pending.clone(), &back).await.unwrap();
    let error = forger.client.finish(pending, &back).await.unwrap_err();
    assert!(matches!(error, OidcError::Replayed), "{error:?}");
    assert_eq!(error.trouble(), Trouble::Again);
    // The provider was not even asked.
    assert_eq!(forger.asked("/token"), 1);
    // One that failed is used up as well.
    let pending = forger.begin().await.unwrap();
    let back = forger.back(&pending);
    claim(&forger, "email_verified", false);
    forger.client.finish(pending.clone(), &back).await.unwrap_err();
    forger.change(|says: &mut Says| says.token = Box::new(|token| token));
    let error = forger.client.finish(pending, &back).await.unwrap_err();
    assert!(matches!(error, OidcError::Replayed), "{error:?}");
}

#[tokio::test]
async fn two_browsers_at_once_never_take_each_others_place() {
    let (forger, one, _) = begun().await;
    let other = forger.begin().await.unwrap();
    // The link of one, opened in the browser of the other.
    let back = forger.back(&one);
    assert!(matches!(forger.client.finish(other, &back).await.unwrap_err(), OidcError::State));
    for name in ["state", "nonce", "verifier"] {
        let again = forger.begin().await.unwrap();
        assert_ne!(field(&one, name), field(&again, name), "{name}");
        assert!(field(&again, name).len() >= 22, "{name}");
        assert!(!format!("{again:?}").contains(&field(&again, name)), "{name} stands in a log");
    }
}

#[test]
fn settings_that_cannot_be_used_say_which() {
    let clock = Arc::new(domain::ManualClock::new("2026-11-29T00:00:00Z".parse().unwrap()));
    for (issuer, words) in [
        ("http://accounts.example.com", "https://"),
        ("accounts.example.com", "must be an address"),
        ("ftp://accounts.example.com", "https://"),
        ("https://us:secret@accounts.example.com", "https://"),
    ] {
        let error = OidcClient::new(&options(issuer), clock.clone()).err().unwrap();
        assert!(error.to_string().contains(words), "{error}");
    }
    let mut wrong = options("https://accounts.example.com");
    wrong.client_id.clear();
    assert!(OidcClient::new(&wrong, clock.clone()).err().unwrap().to_string().contains("client id"));
    wrong = options("https://accounts.example.com");
    wrong.id = "../google".to_owned();
    assert!(OidcClient::new(&wrong, clock).err().unwrap().to_string().contains("lower-case"));
}
