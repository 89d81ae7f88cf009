//! Building blocks of pages: each is one template in `templates/ui`, filled from plain values and escaped by the engine.
//!
//! A page of a site is a template of its own whose parts are these; [`Shell::page`] puts the frame around it. No block
//! holds an inline script or style, since the policy of pages refuses both.

mod assets;
mod blocks;
mod chart;
mod chat;
mod columns;
mod field;
mod marked;
mod page;
mod strip;
mod time;

pub use assets::{
    __path_serve_asset, AssetFile, AssetFiles, Assets, Icon, assets, serve_asset, shared_files,
};
pub(crate) use assets::{gzip, takes_gzip};
pub use blocks::{Banner, Dialog, Empty, Pager, PairingPanel, Pill, QrPanel, Steps, Tile, Toast, Tone};
pub use chart::{Chart, Slot};
pub use chat::{Bubble, Chat, Days, Tick};
pub use columns::{Column, Columns, Order};
pub use field::{Field, Input};
pub(crate) use page::ProblemPage;
pub use page::{Account, Head, NavItem, Shell, ShellSource, fragment, html};
pub use strip::{Run, Spark, Strip};
pub use time::{ago, exact, span};

/// HTML that is finished: made by a template, never from what a person typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Renders a template. A template of ours fails only where writing to memory does.
    pub fn of(template: &impl askama::Template) -> Self {
        Self(template.render().unwrap_or_else(|error| {
            tracing::error!(%error, "a template could not be rendered");
            String::new()
        }))
    }

    /// Several, one after the other.
    #[must_use]
    pub fn joined(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }

    /// A picture that a library of ours has drawn: an SVG without anything of a person's in it.
    #[must_use]
    pub fn drawing(svg: String) -> Self {
        Self(svg)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Html {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

#[cfg(test)]
mod tests;
