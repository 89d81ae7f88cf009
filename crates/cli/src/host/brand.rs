//! The agency's name and picture, read once at the start.

use std::path::Path;

use control::Brand;

use crate::error::CliError;

/// A picture that every page shows has to be small.
const LARGEST: usize = 200 * 1024;

/// Reads what the settings name.
pub(crate) fn load(settings: &config::Brand) -> Result<Brand, CliError> {
    let logo = settings.logo.as_deref().map(picture).transpose()?;
    Ok(Brand { name: settings.name.clone(), logo, source_url: settings.source_url.clone() })
}

fn picture(path: &Path) -> Result<(&'static str, Vec<u8>), CliError> {
    let refuse = |why: &str| CliError::Failed(format!("BRAND_LOGO: {}: {why}", path.display()));
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let media = match ending.as_str() {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        _ => return Err(refuse("name a file that ends in .svg, .png, .webp or .jpg")),
    };
    let bytes = std::fs::read(path).map_err(|error| refuse(&error.to_string()))?;
    if bytes.len() > LARGEST {
        return Err(refuse("at most 200 kB; make the picture smaller"));
    }
    Ok((media, bytes))
}
