//! Finds a QR code in a picture. Pictures come from outside: their size is looked at before they are unpacked.

use std::io::Cursor;

use axum::body::Bytes;
use http::StatusCode;
use image::{ImageReader, Limits};

use super::problem::Problem;

/// The longest side of a picture, in pixels.
const MAX_SIDE: u32 = 4_096;
/// Memory for unpacking one.
const MAX_ALLOC: u64 = 96 << 20;

/// The text of the one QR code in the picture.
pub(super) async fn read_code(picture: Bytes) -> Result<String, Problem> {
    // Unpacking and looking take tens of milliseconds.
    let looked = tokio::task::spawn_blocking(move || look(&picture)).await;
    looked.map_err(|_| unreadable("it broke the reader"))?
}

fn look(picture: &[u8]) -> Result<String, Problem> {
    let mut reader = ImageReader::new(Cursor::new(picture));
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let reader = reader.with_guessed_format().map_err(|error| unreadable(&error.to_string()))?;
    let grey = reader.decode().map_err(|error| unreadable(&error.to_string()))?.to_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        let (x, y) = (u32::try_from(x).unwrap_or(0), u32::try_from(y).unwrap_or(0));
        grey.get_pixel(x, y).0[0]
    });
    let found = prepared.detect_grids().iter().find_map(|grid| grid.decode().ok());
    found.map(|(_, text)| text).ok_or_else(|| {
        let detail = "no QR code was found in the picture: show all of it, with its white edge";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-code", detail)
    })
}

fn unreadable(why: &str) -> Problem {
    let detail = format!(
        "the picture cannot be read ({why}): send PNG, JPEG or WebP of at most {MAX_SIDE} pixels a side"
    );
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-picture", detail)
}
