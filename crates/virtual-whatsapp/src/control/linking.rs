//! Linking a device to a phone: what the phone's owner does with the code that the device shows.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use http::{HeaderMap, StatusCode, header};
use utoipa::ToSchema;

use super::extract::{Json, Path};
use super::problem::{Document, Problem};
use super::{App, picture};
use crate::handles::DeviceStatus;

/// A QR code as text.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Scan {
    /// What the code says: `2@…,…,…,…`, or a URL with that after its `#`.
    text: String,
}

/// A pairing code.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PairingCode {
    /// Eight letters and digits, in any case, with or without a dash.
    #[schema(example = "ABCD-EFGH")]
    code: String,
}

/// Scan a QR code, as text or as a picture
///
/// The body is JSON with the text, or a picture (PNG, JPEG or WebP, 4 MiB at most) with its own content type. It
/// returns once the device is linked.
#[utoipa::path(
    post, path = "/v1/accounts/{number}/scan", tag = "linking", request_body = Scan,
    params(("number" = String, Path, description = "digits of the phone that scans")),
    responses(
        (status = 201, description = "Linked.", body = DeviceStatus),
        (status = 404, description = "No such phone.", body = Document),
        (status = 409, description = "Four devices are linked, or the code's keys are not the device's.", body = Document),
        (status = 410, description = "The code has expired.", body = Document),
        (status = 422, description = "No code of a linked-devices screen.", body = Document)
    )
)]
pub(super) async fn scan(
    State(app): State<App>,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<DeviceStatus>), Problem> {
    let (phone, body) = (app.server.find_phone(&number)?, body?);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let text = if kind.starts_with("image/") {
        picture::read_code(body).await?
    } else if kind.starts_with("application/json") {
        Json::<Scan>::from_bytes(&body)?.0.text
    } else {
        let detail = "send JSON {\"text\": \"…\"} as application/json, or a picture as image/png, image/jpeg or image/webp";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail));
    };
    let device = phone.scan(&text).await?;
    Ok((StatusCode::CREATED, Json(device.status())))
}

/// Type a pairing code
///
/// It returns once the device is linked.
#[utoipa::path(
    post, path = "/v1/accounts/{number}/pairing-code", tag = "linking", request_body = PairingCode,
    params(("number" = String, Path, description = "digits of the phone on which it is typed")),
    responses(
        (status = 201, description = "Linked.", body = DeviceStatus),
        (status = 404, description = "No such phone.", body = Document),
        (status = 409, description = "No device waits for one, or the code is wrong.", body = Document),
        (status = 422, description = "No pairing code.", body = Document)
    )
)]
pub(super) async fn pairing_code(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(PairingCode { code }): Json<PairingCode>,
) -> Result<(StatusCode, Json<DeviceStatus>), Problem> {
    let device = app.server.find_phone(&number)?.enter_code(&code).await?;
    Ok((StatusCode::CREATED, Json(device.status())))
}
