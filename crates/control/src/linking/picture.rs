//! QR codes as pictures.

use axum::response::{IntoResponse, Response};
use base64::Engine;
use http::{HeaderValue, header};
use qrcode::{Color, EcLevel, QrCode, render::svg};
use web::{Kind, Problem};

use super::qr;
use crate::{error::Answer, tenants::TenantCall};

/// Side of the picture, in pixels at least; what a phone scans from an arm's length.
const SIDE: u32 = 264;
/// Width of the margin on each side, in modules, as ISO/IEC 18004 asks.
const QUIET: usize = 4;
/// Pixels of one module.
const SCALE: usize = 6;

/// The code as SVG, or `None` where the text fits no QR code, which a worker's text may not.
pub(super) fn svg(text: &str) -> Option<String> {
    Some(draw_svg(&code(text)?))
}

/// The same in a `data:` URL.
pub(super) fn data_url(text: &str) -> Option<String> {
    let picture = svg(text)?;
    Some(format!("data:image/svg+xml;base64,{}", base64::engine::general_purpose::STANDARD.encode(picture)))
}

fn code(text: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(text, EcLevel::L).ok()
}

pub(super) fn draw_svg(code: &QrCode) -> String {
    code.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build()
}

/// The code that can be scanned now, or the problem that there is none.
pub(super) fn scannable(call: &TenantCall) -> Answer<QrCode> {
    let now = qr::current(&call.app, &call.detail);
    qr::somebody_looks(&call.app, call.id());
    now.code.as_deref().and_then(code).ok_or_else(|| {
        let detail = words::linking::none_now(now.state);
        Problem::new(Kind::NoQrCode, detail).into()
    })
}

/// A picture alone.
pub(super) fn answer(media: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// The code as PNG, with its margin.
pub(super) fn draw_png(code: &QrCode) -> Result<Vec<u8>, png::EncodingError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_becomes_a_picture_and_what_is_too_long_does_not() {
        let url = data_url("2@abc").unwrap();
        let picture =
            base64::engine::general_purpose::STANDARD.decode(url.split_once(',').unwrap().1).unwrap();
        assert!(String::from_utf8(picture).unwrap().contains("<svg"));
        assert_eq!(data_url(&"x".repeat(10_000)), None);
    }

    #[test]
    fn the_picture_is_a_png_with_a_margin() {
        let code = QrCode::with_error_correction_level("2@abc", EcLevel::L).unwrap();
        let bytes = draw_png(&code).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(reader.info().width as usize, (code.width() + 8) * SCALE);
        let width = reader.info().width as usize;
        assert!(pixels[..width * QUIET * SCALE].iter().all(|pixel| *pixel == 255), "the quiet zone is white");
        assert_eq!(pixels[width * QUIET * SCALE + QUIET * SCALE], 0, "a finder pattern begins dark");
    }
}
