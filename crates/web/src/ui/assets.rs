//! Stylesheet, scripts and icons, inside the binary. Their addresses hold a hash of their content, so that browsers may
//! keep them for ever and still get the new ones.

use std::sync::LazyLock;

use askama::{Template, filters::HtmlSafe};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::{Kind, Problem};

/// One file.
struct Asset {
    path: String,
    media: &'static str,
    bytes: &'static [u8],
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

const FILES: [(&str, &str, &str, &[u8]); 5] = [
    ("flowhq", "css", "text/css; charset=utf-8", include_bytes!("../../assets/flowhq.css")),
    ("flowhq", "js", "text/javascript; charset=utf-8", include_bytes!("../../assets/flowhq.js")),
    ("htmx", "js", "text/javascript; charset=utf-8", include_bytes!("../../assets/htmx/htmx.min.js")),
    ("icons", "svg", "image/svg+xml", include_bytes!("../../assets/icons.svg")),
    ("favicon", "svg", "image/svg+xml", include_bytes!("../../assets/favicon.svg")),
];

static ALL: LazyLock<(Vec<Asset>, Assets)> = LazyLock::new(|| {
    let files: Vec<Asset> = FILES
        .into_iter()
        .map(|(name, ending, media, bytes)| {
            let hash: String =
                Sha256::digest(bytes).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
            Asset { path: format!("/assets/{name}.{hash}.{ending}"), media, bytes }
        })
        .collect();
    let path = |index: usize| files.get(index).map(|file| file.path.clone()).unwrap_or_default();
    let assets = Assets { css: path(0), script: path(1), htmx: path(2), icons: path(3), favicon: path(4) };
    (files, assets)
});

/// Where the files are.
#[must_use]
pub fn assets() -> &'static Assets {
    &ALL.1
}

/// A stylesheet, script or picture of the pages
///
/// There is none of an old name: an old page asks for what an old build had.
#[utoipa::path(get, path = "/assets/{file}", tag = "pages", responses((status = 200, content_type = "*/*", body = Vec<u8>)))]
pub async fn serve_asset(Path(file): Path<String>) -> Result<Response, Problem> {
    let path = format!("/assets/{file}");
    let found = ALL.0.iter().find(|asset| asset.path == path);
    let asset = found.ok_or_else(|| Problem::new(Kind::RouteNotFound, words::problem::file()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.bytes).into_response())
}

/// A picture of the sprite, by its name there. Says nothing to screen readers: a word stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(
    source = "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{{ self::assets().icons }}#{{ self.0 }}\"/></svg>",
    ext = "html"
)]
pub struct Icon(pub &'static str);

impl HtmlSafe for Icon {}
