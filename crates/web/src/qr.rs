//! QR codes as pictures.

use axum::response::{IntoResponse, Response};
use base64::Engine;
use http::{HeaderValue, header};
use qrcode::{Color, EcLevel, QrCode, render::svg};

use crate::ui::Html;

/// Side of the picture, in pixels at least; what a phone scans from an arm's length.
const SIDE: u32 = 264;
/// Width of the margin on each side, in modules, as ISO/IEC 18004 asks.
const QUIET: usize = 4;
/// Pixels of one module.
const SCALE: usize = 6;

/// A picture of a text, in one form or another.
pub struct Picture(QrCode);

impl Picture {
    /// `None` where the text fits no QR code.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        QrCode::with_error_correction_level(text, EcLevel::L).ok().map(Self)
    }

    /// As SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        self.0.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build()
    }

    /// The same in a `data:` URL.
    #[must_use]
    pub fn data_url(&self) -> String {
        let encoded = base64::engine::general_purpose::STANDARD.encode(self.svg());
        format!("data:image/svg+xml;base64,{encoded}")
    }

    /// The same within a page, without its XML declaration; `label` says to whom does not see it what it is.
    #[must_use]
    pub fn html(&self, label: &'static str) -> Html {
        let picture = self.svg();
        let from = picture.find("<svg").unwrap_or_default();
        Html::drawing(picture[from..].replacen(
            "<svg",
            &format!("<svg role=\"img\" aria-label=\"{label}\""),
            1,
        ))
    }

    /// As PNG, with its margin.
    ///
    /// # Errors
    /// Where the picture cannot be written, which memory does not refuse.
    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let (modules, width) = (self.0.to_colors(), self.0.width());
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
}

/// A picture alone.
#[must_use]
pub fn answer(media: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(media))], bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_becomes_a_picture_and_what_is_too_long_does_not() {
        let url = Picture::of("2@abc").unwrap().data_url();
        let picture =
            base64::engine::general_purpose::STANDARD.decode(url.split_once(',').unwrap().1).unwrap();
        assert!(String::from_utf8(picture).unwrap().contains("<svg"));
        assert!(Picture::of(&"x".repeat(10_000)).is_none());
    }

    #[test]
    fn the_picture_is_a_png_with_a_margin() {
        let code = Picture::of("2@abc").unwrap();
        let bytes = code.png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(reader.info().width as usize, (code.0.width() + 8) * SCALE);
        let width = reader.info().width as usize;
        assert!(pixels[..width * QUIET * SCALE].iter().all(|pixel| *pixel == 255), "the quiet zone is white");
        assert_eq!(pixels[width * QUIET * SCALE + QUIET * SCALE], 0, "a finder pattern begins dark");
    }
}
