//! What the pages are drawn with: the files that all sites share, and those of the portal alone.

use std::sync::LazyLock;

use axum::{extract::Path, response::Response};
use http::HeaderMap;
use web::{
    Kind, Problem,
    ui::{AssetFile, AssetFiles, assets, shared_files},
};

/// Addresses of the files.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub(crate) css: String,
    pub(crate) script: String,
    pub(crate) favicon: String,
    pub(crate) portal_css: String,
    pub(crate) portal_script: String,
    pub(crate) icon_192: String,
    pub(crate) icon_512: String,
    pub(crate) touch_icon: String,
}

const FILES: [AssetFile; 5] = [
    ("portal", "css", "text/css; charset=utf-8", include_bytes!("../assets/portal.css")),
    ("portal", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/portal.js")),
    ("icon-192", "png", "image/png", include_bytes!("../assets/icon-192.png")),
    ("icon-512", "png", "image/png", include_bytes!("../assets/icon-512.png")),
    ("icon-180", "png", "image/png", include_bytes!("../assets/icon-180.png")),
];

static ALL: LazyLock<(AssetFiles, Addresses)> = LazyLock::new(|| {
    let (files, shared) = (AssetFiles::new(&FILES), assets());
    let addresses = Addresses {
        css: shared.css.clone(),
        script: shared.script.clone(),
        favicon: shared.favicon.clone(),
        portal_css: files.path(0),
        portal_script: files.path(1),
        icon_192: files.path(2),
        icon_512: files.path(3),
        touch_icon: files.path(4),
    };
    (files, addresses)
});

/// Where the files are.
pub(crate) fn addresses() -> &'static Addresses {
    &ALL.1
}

/// `GET /assets/{file}`.
pub(crate) async fn serve(headers: HeaderMap, Path(file): Path<String>) -> Result<Response, Problem> {
    let path = format!("/assets/{file}");
    let found = ALL.0.serve(&path, &headers).or_else(|| shared_files().serve(&path, &headers));
    found.ok_or_else(|| Problem::new(Kind::RouteNotFound, words::problem::file()))
}
