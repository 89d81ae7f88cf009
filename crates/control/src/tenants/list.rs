//! `GET /admin/tenants`: a page of tenants: tiles that filter, search, sorting, rows that change live; or an array.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use domain::{
    Show, Sort, TenantStatus,
    limits::{PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS},
};
use serde::Deserialize;
use store::{Overview, Page, TenantDetail, TenantFilter};
use utoipa::IntoParams;
use web::{
    Asked, Problem,
    place::address,
    ui::{Column, Columns, Empty, Field, Head, Html, Icon, Order, Pager, Tile, Tone, fragment, html},
};

use super::{
    convert, counted, export,
    form::ConfigForm,
    notes,
    row::{self, Row},
    strip::stale_before,
};
use crate::{
    App,
    call::Call,
    error::Answer,
    paging::{self, rows},
    shell::Section,
};

pub(super) const PATH: &str = "/admin/tenants";
/// Tags that can be chosen; more than a person reads would help nobody.
const CHOICES: u32 = 100;

/// The query.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Rows of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the `Link` header of the page before.
    before: Option<String>,
    /// Only those in this status.
    status: Option<TenantStatus>,
    /// Only those whose name, number or owner's email holds this.
    search: Option<String>,
    /// Only those in this state, as the dashboard's tiles count them.
    show: Option<Show>,
    /// The order; where it is left out, the newest first, and on a page those that need a person.
    sort: Option<Sort>,
    /// Only these, with commas between them.
    ids: Option<String>,
    /// Only those that have this tag.
    tag: Option<String>,
}

impl Parameters {
    /// As the store takes it.
    pub(super) fn filter(&self, app: &App) -> Result<TenantFilter, Problem> {
        let read = |ids: &String| {
            let ids = ids.split(',').filter(|id| !id.is_empty()).map(str::parse);
            ids.collect::<Result<Vec<_>, domain::InvalidId>>()
                .map_err(|_| Problem::invalid_field("ids", words::checks::id("ids")))
        };
        let ids = self.ids.as_ref().map(read).transpose()?;
        if ids.as_ref().is_some_and(|ids| ids.len() > PAGE_MAX_ROWS as usize) {
            let detail = words::checks::ids(PAGE_MAX_ROWS);
            return Err(Problem::invalid_field("ids", detail));
        }
        let tag = tag(self).map(|tag| tag.parse().map_err(|error| notes::no_tag(&error).renamed("tag")));
        Ok(TenantFilter {
            tag: tag.transpose()?,
            status: self.status,
            show: self.show,
            search: paging::search(self.search.as_deref())?,
            ids,
            grouping: None,
            stale_before: Some(stale_before(app)),
            sort: self.sort.unwrap_or_default(),
        })
    }
}

/// Tenants, newest first
#[utoipa::path(get, path = "/admin/tenants", tag = "tenants", params(Parameters), responses((status = 200, body = [api::Tenant])))]
pub(crate) async fn handle(call: Call, Asked(query): Asked<Parameters>) -> Answer {
    let (app, client) = (&call.app, call.client);
    let stream = app.feed.address();
    let request = paging::Request::read(query.limit, query.before.as_deref())?;
    let mut filter = query.filter(app)?;
    // Rows that stand on a page are drawn again as they are now, also where they have left what was looked for.
    let anew = client.html && client.fragment && query.ids.is_some();
    if anew {
        filter = TenantFilter { ids: filter.ids, ..TenantFilter::default() };
    }
    if client.html && !anew {
        filter.sort = query.sort.unwrap_or(Sort::Need);
    }
    // Whatever is told by groups has to know who is in the first; a plain list need not.
    let grouped = client.html && !anew || filter.sort == Sort::Need || filter.show.is_some();
    if grouped {
        filter.grouping = Some(Arc::new(counted::grouping(app).await?));
    }
    let found = app.store.operator().list_tenants(&filter, rows(&request)).await?;
    if !client.html {
        return document(app, &query, found, request).await;
    }
    if anew {
        let overview = app.counted.overview(app).await?;
        let rows = row::rows(app, &found.items, true).await?;
        let tiles = Tiles { tiles: tiles(&overview, &query), anew: true };
        return Ok(fragment(rows.iter().map(Html::of).chain([Html::of(&tiles)])));
    }
    let overview = filter.grouping.map(|known| known.overview).unwrap_or_default();
    let list = List::new(app, &query, found, &overview).await?;
    if client.fragment {
        return Ok(html(&list));
    }
    let body = View {
        tiles: Tiles { tiles: tiles(&overview, &query), anew: false },
        total: overview.all,
        search: query.search.clone().unwrap_or_default(),
        show: query.show.map(|show| show.to_string()),
        sort: query.sort.map(|sort| sort.to_string()),
        back: place(&query, query.show, query.sort, query.before.as_deref()),
        tags: choices(app, &query).await?,
        export: place(&query, query.show, query.sort, None).replacen(PATH, export::PATH, 1),
        list,
        many: ConfigForm::fields_of_many(&app.supervisor.packs())
            .into_iter()
            .map(|field| field.of_form("bulk"))
            .collect(),
    };
    let head = Head::new(words::shell::tenants()).following(stream);
    Ok(call.page(Section::Tenants, head, &body).await)
}

async fn document(
    app: &App,
    query: &Parameters,
    found: Page<TenantDetail>,
    request: paging::Request,
) -> Answer<Response> {
    let ids: Vec<_> = found.items.iter().map(|detail| detail.tenant.id).collect();
    let mut tags = app.store.operator().tags_of(&ids).await?;
    let told = |detail: TenantDetail| {
        let tags = Some(tags.remove(&detail.tenant.id).unwrap_or_default());
        api::Tenant { tags, ..convert::tenant(app, detail) }
    };
    let tenants: Vec<_> = found.items.into_iter().map(told).collect();
    let status = query.status.map(|status| status.to_string());
    let (show, sort) = (query.show.map(|show| show.to_string()), query.sort.map(|sort| sort.to_string()));
    let filters = [
        ("status", status.as_deref()),
        ("search", query.search.as_deref()),
        ("show", show.as_deref()),
        ("sort", sort.as_deref()),
        ("ids", query.ids.as_deref()),
        ("tag", query.tag.as_deref()),
    ];
    Ok(request.answer(&tenants, found.next, PATH, &filters))
}

/// The tag that is in force.
fn tag(query: &Parameters) -> Option<&str> {
    query.tag.as_deref().map(str::trim).filter(|tag| !tag.is_empty())
}

/// The list of the same search, with other words for the rest.
fn place(query: &Parameters, show: Option<Show>, sort: Option<Sort>, before: Option<&str>) -> String {
    let (show, sort) = (show.map(|show| show.to_string()), sort.map(|sort| sort.to_string()));
    let pairs = [
        ("show", show.as_deref()),
        ("search", query.search.as_deref().filter(|search| !search.is_empty())),
        ("sort", sort.as_deref()),
        ("tag", tag(query)),
        ("before", before),
    ];
    address(PATH, &pairs)
}

#[derive(Template)]
#[template(path = "tenants/page.html")]
struct View {
    tiles: Tiles,
    total: u64,
    search: String,
    show: Option<String>,
    sort: Option<String>,
    back: String,
    /// The table of what is shown.
    export: String,
    /// The tags that can be chosen; empty where no tenant has any.
    tags: Vec<(String, bool)>,
    list: List,
    /// What those that are selected can be given at once.
    many: Vec<Field>,
}

/// The tags that most tenants have, and the one in force, in the order of the alphabet.
async fn choices(app: &App, query: &Parameters) -> Answer<Vec<(String, bool)>> {
    let mut tags = app.store.operator().most_used_tags(CHOICES).await?;
    let chosen = tag(query).map(str::to_lowercase);
    let missing = chosen.clone().filter(|chosen| tags.iter().all(|(tag, _)| tag != chosen));
    tags.extend(missing.map(|tag| (tag, 0)));
    tags.sort_unstable();
    Ok(tags
        .into_iter()
        .map(|(tag, _)| (chosen.as_ref() == Some(&tag), tag))
        .map(|(is, tag)| (tag, is))
        .collect())
}

#[derive(Template)]
#[template(path = "tenants/tiles.html")]
struct Tiles {
    tiles: Vec<Tile>,
    anew: bool,
}

impl askama::filters::HtmlSafe for Tiles {}

fn tiles(overview: &Overview, query: &Parameters) -> Vec<Tile> {
    let tile = |tone, count: u64, label, show: Option<Show>| Tile {
        // A count of nothing wrong is no warning.
        tone: if count == 0 { Tone::Off } else { tone },
        count,
        label,
        href: place(query, show, query.sort, None),
        current: query.show == show && query.status.is_none(),
    };
    let of = |show: Show| {
        let (tone, label) = match show {
            Show::Needs => (Tone::Bad, words::tenants::tile_needs()),
            Show::Waiting => (Tone::Warn, words::tenants::tile_waiting()),
            Show::Reconnecting => (Tone::Warn, words::tenants::tile_reconnecting()),
            Show::Answering => (Tone::Ok, words::tenants::tile_answering()),
            Show::Suspended => (Tone::Warn, words::tenants::tile_suspended()),
            Show::Paused => (Tone::Off, words::tenants::tile_paused()),
            Show::New => (Tone::Off, words::tenants::tile_new()),
            Show::Error => (Tone::Bad, words::tenants::tile_error()),
            Show::Stale => (Tone::Bad, words::tenants::tile_stale()),
        };
        tile(tone, overview.of(show), label, Some(show))
    };
    // Each tenant is in one of these, and what is not there is not shown; the first is, so that one sees that there is none.
    let groups = Show::ALL.into_iter().filter(|show| {
        matches!(show, Show::Needs | Show::Waiting | Show::Answering)
            || overview.of(*show) > 0
            || query.show == Some(*show)
    });
    let parts = [Show::Error, Show::Stale].into_iter().filter(|show| query.show == Some(*show));
    let all = tile(Tone::Off, overview.all, words::tenants::all(), None);
    groups.chain(parts).map(of).chain([all]).collect()
}

#[derive(Template)]
#[template(path = "tenants/list.html")]
struct List {
    /// Where the rows are asked for again, ready for their ids.
    live: String,
    /// The tag in force, in words, and the list without it.
    tag: Option<(String, String)>,
    columns: Columns,
    rows: Vec<Html>,
    empty: Option<Empty>,
    pager: Pager,
}

impl askama::filters::HtmlSafe for List {}

impl List {
    async fn new(
        app: &App,
        query: &Parameters,
        found: Page<TenantDetail>,
        overview: &Overview,
    ) -> Answer<Self> {
        let rows: Vec<Row> = row::rows(app, &found.items, false).await?;
        let count = rows.len();
        let search = query.search.as_deref().filter(|text| !text.is_empty());
        let without = Parameters { tag: None, ..query.clone() };
        let shown = match (query.show, search.or(tag(query))) {
            (None, None) => words::tenants::shown_of(count as u64, overview.all, PAGE_DEFAULT_ROWS),
            _ => words::tenants::shown(count as u64, PAGE_DEFAULT_ROWS),
        };
        let address = place(query, query.show, query.sort, None);
        let and = if address.contains('?') { '&' } else { '?' };
        Ok(Self {
            live: format!("{address}{and}"),
            tag: tag(query)
                .map(|tag| (words::notes::of_tag(tag), place(&without, query.show, query.sort, None))),
            columns: columns(query),
            rows: rows.iter().map(Html::of).collect(),
            empty: (count == 0).then(|| empty(overview)),
            pager: Pager {
                shown,
                first: query.before.as_ref().map(|_| place(query, query.show, query.sort, None)),
                next: found.next.map(|next| place(query, query.show, query.sort, Some(&next.to_string()))),
            },
        })
    }
}

fn empty(overview: &Overview) -> Empty {
    if overview.all == 0 {
        return Empty::new("users", words::tenants::none_title(), words::tenants::none_text())
            .link(format!("{PATH}/new"), words::tenants::none_link());
    }
    Empty::new("search", words::tenants::no_match_title(), words::tenants::no_match_text())
        .link(PATH, words::tenants::show_all())
}

fn columns(query: &Parameters) -> Columns {
    let sort = query.sort.unwrap_or(Sort::Need);
    let by = |label, of: Sort, order, numeric| Column {
        label,
        numeric,
        hidden: false,
        sort: Some(place(query, query.show, Some(of), None)),
        order: (sort == of).then_some(order),
    };
    Columns {
        columns: vec![
            Column::hidden(words::tenants::column_select()),
            by(words::tenants::tenant(), Sort::Name, Order::Ascending, false),
            Column::new(words::tenants::status()),
            Column::new(words::tenants::last_day()),
            by(words::tenants::last_seen(), Sort::Seen, Order::Descending, false),
            Column::new(words::tenants::worker()),
            by(words::tenants::memory(), Sort::Memory, Order::Descending, true),
            Column { label: words::tenants::today(), numeric: true, ..Column::default() },
            Column::hidden(words::tenants::actions()),
        ],
    }
}
