//! `GET /admin/tenants/{id}/qr.png` and `…/qr.svg`: the code as a picture alone, while there is one to scan.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{TenantId, id::kind::Tenant};
use http::{HeaderValue, header};
use qrcode::{Color, EcLevel, QrCode, render::svg};
use web::{Kind, PathId, Problem};

use super::qr::{SIDE, current, somebody_looks};
use crate::{App, auth::Operator, refusal};

/// Pixels of the margin on each side, in modules, as ISO/IEC 18004 asks.
const QUIET: usize = 4;
/// Pixels of one module.
const SCALE: usize = 6;

pub(crate) async fn svg(
    State(app): State<App>,
    _: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<Response, Problem> {
    let code = scannable(&app, id).await?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build();
    Ok(answer("image/svg+xml", picture.into_bytes()))
}

pub(crate) async fn png(
    State(app): State<App>,
    _: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<Response, Problem> {
    let code = scannable(&app, id).await?;
    Ok(answer("image/png", draw(&code).map_err(|error| Problem::internal(&error))?))
}

async fn scannable(app: &App, id: TenantId) -> Result<QrCode, Problem> {
    let now = current(app, id).await.map_err(|error| refusal::by_store(&error))?;
    somebody_looks(app, id);
    let code = now.qr.as_deref().and_then(|text| QrCode::with_error_correction_level(text, EcLevel::L).ok());
    code.ok_or_else(|| {
        let detail = format!("There is no code to scan now: the session is {}.", now.state);
        Problem::new(Kind::NoQrCode, detail)
    })
}

fn draw(code: &QrCode) -> Result<Vec<u8>, png::EncodingError> {
    let (modules, width) = (code.to_colors(), code.width());
    let side = (width + 2 * QUIET) * SCALE;
    let dark = |x: usize, y: usize| {
        let at = |pixel: usize| (pixel / SCALE).checked_sub(QUIET).filter(|module| *module < width);
        at(x).zip(at(y)).is_some_and(|(x, y)| modules.get(y * width + x) == Some(&Color::Dark))
    };
    let pixels: Vec<u8> =
        (0..side * side).map(|pixel| if dark(pixel % side, pixel / side) { 0 } else { 255 }).collect();
    let mut bytes = Vec::new();
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(bytes)
}

fn answer(media: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_a_png_with_a_margin() {
        let code = QrCode::with_error_correction_level("2@abc", EcLevel::L).unwrap();
        let bytes = draw(&code).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(reader.info().width as usize, (code.width() + 8) * SCALE);
        let width = reader.info().width as usize;
        assert!(pixels[..width * QUIET * SCALE].iter().all(|pixel| *pixel == 255), "the quiet zone is white");
        assert_eq!(pixels[width * QUIET * SCALE + QUIET * SCALE], 0, "a finder pattern begins dark");
    }
}
