//! Stylesheet, scripts and icons, inside the binary. Their addresses hold a hash of their content, so that browsers may
//! keep them for ever and still get the new ones.

use std::{io::Write, sync::LazyLock};

use askama::{Template, filters::HtmlSafe};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::{Kind, Problem};

/// A file to be served: its name, its ending, its media type and what it holds.
pub type AssetFile = (&'static str, &'static str, &'static str, &'static [u8]);

/// One file.
struct Asset {
    path: String,
    media: &'static str,
    bytes: &'static [u8],
    /// The same for a slow line, where that is smaller.
    gzip: Option<Vec<u8>>,
}

/// Files inside the binary, under addresses that change with what they hold.
pub struct AssetFiles(Vec<Asset>);

impl std::fmt::Debug for AssetFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|asset| &asset.path)).finish()
    }
}

impl AssetFiles {
    /// Takes the files.
    #[must_use]
    pub fn new(files: &[AssetFile]) -> Self {
        let asset = |(name, ending, media, bytes): &AssetFile| {
            let hash: String =
                Sha256::digest(bytes).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
            let path = format!("/assets/{name}.{hash}.{ending}");
            let gzip = gzip(bytes, Compression::best()).filter(|small| small.len() * 10 < bytes.len() * 9);
            Asset { path, media, bytes, gzip }
        };
        Self(files.iter().map(asset).collect())
    }

    /// The address of one of them, in the order in which they were given.
    #[must_use]
    pub fn path(&self, index: usize) -> String {
        self.0.get(index).map(|file| file.path.clone()).unwrap_or_default()
    }

    /// Answers with the file at an address, where there is one.
    #[must_use]
    pub fn serve(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let asset = self.0.iter().find(|asset| asset.path == path)?;
        let small = asset.gzip.as_ref().filter(|_| takes_gzip(headers));
        let mut response = match small {
            Some(small) => small.clone().into_response(),
            None => asset.bytes.into_response(),
        };
        let headers = response.headers_mut();
        if small.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        headers.insert(header::CACHE_CONTROL, forever);
        Some(response)
    }
}

/// In few bytes. Nothing in these files is secret or of a request, so that their length tells nothing; of pages see
/// `squeeze`.
pub(crate) fn gzip(bytes: &[u8], level: Compression) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// Whether a client takes it (RFC 9110, 12.5.3).
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = lines.flat_map(|line| line.split(',')).map(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        (name.trim(), weight.unwrap_or(1.0))
    });
    codings.any(|(name, weight)| name.eq_ignore_ascii_case("gzip") && weight > 0.0)
}

/// Addresses of the files.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// The stylesheet.
    pub css: String,
    /// Our own script.
    pub script: String,
    /// htmx.
    pub htmx: String,
    /// The icons.
    pub icons: String,
    /// The icon of the browser's tab.
    pub favicon: String,
}

/// One file on the line, since each costs a journey.
const SCRIPT: &str = concat!(include_str!("../../assets/flowhq.js"), include_str!("../../assets/typed.js"));

const FILES: [AssetFile; 5] = [
    ("flowhq", "css", "text/css; charset=utf-8", include_bytes!("../../assets/flowhq.css")),
    ("flowhq", "js", "text/javascript; charset=utf-8", SCRIPT.as_bytes()),
    ("htmx", "js", "text/javascript; charset=utf-8", include_bytes!("../../assets/htmx/htmx.min.js")),
    ("icons", "svg", "image/svg+xml", include_bytes!("../../assets/icons.svg")),
    ("favicon", "svg", "image/svg+xml", include_bytes!("../../assets/favicon.svg")),
];

static ALL: LazyLock<(AssetFiles, Assets)> = LazyLock::new(|| {
    let files = AssetFiles::new(&FILES);
    let path = |index| files.path(index);
    let assets = Assets { css: path(0), script: path(1), htmx: path(2), icons: path(3), favicon: path(4) };
    (files, assets)
});

/// Where the files are.
#[must_use]
pub fn assets() -> &'static Assets {
    &ALL.1
}

/// The files that all sites share.
#[must_use]
pub fn shared_files() -> &'static AssetFiles {
    &ALL.0
}

/// A stylesheet, script or picture of the pages
///
/// There is none of an old name: an old page asks for what an old build had.
#[utoipa::path(get, path = "/assets/{file}", tag = "pages", responses((status = 200, content_type = "*/*", body = Vec<u8>)))]
pub async fn serve_asset(headers: HeaderMap, Path(file): Path<String>) -> Result<Response, Problem> {
    let found = ALL.0.serve(&format!("/assets/{file}"), &headers);
    found.ok_or_else(|| Problem::new(Kind::RouteNotFound, words::problem::file()))
}

/// A picture of the sprite, by its name there. Says nothing to screen readers: a word stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(
    source = "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{{ self::assets().icons }}#{{ self.0 }}\"/></svg>",
    ext = "html"
)]
pub struct Icon(pub &'static str);

impl HtmlSafe for Icon {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_line_gets_less() {
        let asked = |value: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            let response = shared_files().serve(&assets().css, &headers).unwrap();
            response.headers().get(header::CONTENT_ENCODING).is_some()
        };
        assert!(asked("gzip, deflate, br") && asked("br;q=1, GZIP;q=0.5"));
        assert!(!asked("br") && !asked("gzip;q=0") && !asked(""));
        let small = gzip(FILES[0].3, Compression::best()).unwrap().len();
        assert!(small * 3 < FILES[0].3.len(), "{small} bytes");
        assert!(shared_files().serve("/assets/flowhq.0.css", &HeaderMap::new()).is_none());
    }
}
