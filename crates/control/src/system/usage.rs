//! `GET /admin/usage.csv?month=2026-11`: messages of each tenant in a month (UTC), for invoices.

use axum::extract::State;
use domain::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{Asked, Problem, csv};

use crate::{App, auth::Operator, download, error::Answer};

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// A year and a month, like 2026-11; the present one where it is left out.
    #[param(pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<String>,
}

/// Messages of each tenant in a month, for invoices
#[utoipa::path(
    get, path = "/admin/usage.csv", tag = "system", params(Parameters),
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(State(app): State<App>, _: Operator, Asked(query): Asked<Parameters>) -> Answer {
    let month = query.month.unwrap_or_else(|| app.now().to_string().chars().take(7).collect());
    let (from, until) =
        bounds(&month).ok_or_else(|| Problem::invalid_field("month", words::checks::month()))?;
    let used = app.store.operator().usage(from, until).await?;
    let mut text = csv::row(["month", "tenant", "name", "received", "sent"]);
    for one in used {
        text.push_str(&csv::row([
            month.as_str(),
            &one.tenant_id.to_string(),
            &one.name,
            &one.received.to_string(),
            &one.sent.to_string(),
        ]));
    }
    Ok(download::table(&format!("flowhq-usage-{month}.csv"), &text))
}

/// The month's first moment and the next one's. Years of this century only.
fn bounds(month: &str) -> Option<(Timestamp, Timestamp)> {
    let (year, number) = month.split_once('-')?;
    let digits =
        year.len() == 4 && number.len() == 2 && month.bytes().all(|b| b == b'-' || b.is_ascii_digit());
    let (year, number): (u16, u8) = (year.parse().ok()?, number.parse().ok()?);
    if !digits || !(2000..2100).contains(&year) || !(1..=12).contains(&number) {
        return None;
    }
    let (next_year, next) = if number == 12 { (year + 1, 1) } else { (year, number + 1) };
    let first = |year: u16, month: u8| format!("{year:04}-{month:02}-01T00:00:00Z").parse::<Timestamp>().ok();
    first(year, number).zip(first(next_year, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let (from, until) = bounds("2026-12").unwrap();
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2026-12-01T00:00:00Z".into(), "2027-01-01T00:00:00Z".into())
        );
        for wrong in ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-+1", "9999-01", "2026-01-01"]
        {
            assert_eq!(bounds(wrong), None, "{wrong}");
        }
    }
}
