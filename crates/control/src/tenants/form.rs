//! The fields of the forms in which a tenant is created and configured.

use domain::{Language, PackId, UnknownLabel, parse_label};
use profile_forms::hours;
use replies::Packs;
use serde::Deserialize;
use store::TenantDetail;
use strum::VariantNames;
use utoipa::ToSchema;
use web::{
    Problem,
    ui::{Field, Input},
};

use crate::{checks, packs};

/// A new tenant as the page's form sends it; older scripts send the same.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct NewTenantForm {
    /// 1 to 120 characters.
    #[schema(required, min_length = 1, max_length = 120)]
    pub(super) name: String,
    /// With its country code; may come later.
    pub(super) phone_number: String,
    /// The id of a pack of this installation, such as BOOKING.
    pub(super) template_type: String,
    /// The name that customers read; the tenant's where it is left empty.
    pub(super) business_name: String,
    /// SW or EN.
    pub(super) language: String,
}

impl NewTenantForm {
    /// What the API would have been sent.
    pub(super) fn read(&self) -> Result<api::CreateTenant, Problem> {
        Ok(api::CreateTenant {
            name: self.name.clone(),
            phone_number: given(&self.phone_number),
            template_type: given(&self.template_type),
            business_name: given(&self.business_name),
            language: chosen("language", &self.language)?,
            ..api::CreateTenant::default()
        })
    }

    /// The fields, with what is wrong beside the one at fault.
    pub(super) fn fields(&self, packs: &Packs, problem: Option<&Problem>) -> Vec<Field> {
        let field =
            |name, label, input, value: &str| Field::new(name, label, input).value(value).wrong(problem);
        vec![
            field("name", words::forms::business(), Input::TEXT, &self.name)
                .hint(words::forms::business_hint()),
            field("phone_number", words::forms::number(), Input::PHONE, &self.phone_number)
                .hint(words::forms::number_hint_new())
                .optional(),
            field("template_type", words::forms::pack(), packs::choices(packs, ""), &self.template_type)
                .hint(words::forms::pack_hint()),
            field("business_name", words::forms::display(), Input::TEXT, &self.business_name)
                .hint(words::forms::display_hint_new())
                .optional(),
            field("language", words::forms::language(), languages(), &self.language)
                .hint(words::forms::language_hint()),
        ]
    }
}

/// A tenant's configuration as its page's form sends it. What is not sent stays as it is; what is sent empty is emptied.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct ConfigForm {
    /// 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    /// With its country code, or empty.
    phone_number: Option<String>,
    /// The id of a pack of this installation, such as BOOKING.
    template_type: Option<String>,
    /// The name that customers read, 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    business_name: Option<String>,
    /// SW or EN.
    language: Option<String>,
    /// IANA time zone, like Africa/Dar_es_Salaam.
    timezone: Option<String>,
    /// ISO 4217 code, like TZS.
    currency: Option<String>,
    /// After how many days lines of the conversation log are deleted, or empty to keep them.
    retention_days: Option<String>,
    /// 1 to 10,000, or empty for the platform's limit.
    rate_limit_per_minute: Option<String>,
    /// Whether the text of a message is removed once its writer deletes it: yes or no.
    remove_deleted: Option<String>,
    /// Monday's opening hours, like `09:00-13:00, 14:00-18:00`.
    hours_0: Option<String>,
    /// Tuesday's.
    hours_1: Option<String>,
    /// Wednesday's.
    hours_2: Option<String>,
    /// Thursday's.
    hours_3: Option<String>,
    /// Friday's.
    hours_4: Option<String>,
    /// Saturday's.
    hours_5: Option<String>,
    /// Sunday's.
    hours_6: Option<String>,
    /// Monday's break, like `13:00-14:00`.
    breaks_0: Option<String>,
    /// Tuesday's break, like `13:00-14:00`.
    breaks_1: Option<String>,
    /// Wednesday's break, like `13:00-14:00`.
    breaks_2: Option<String>,
    /// Thursday's break, like `13:00-14:00`.
    breaks_3: Option<String>,
    /// Friday's break, like `13:00-14:00`.
    breaks_4: Option<String>,
    /// Saturday's break, like `13:00-14:00`.
    breaks_5: Option<String>,
    /// Sunday's break, like `13:00-14:00`.
    breaks_6: Option<String>,
    /// Holidays, a line each, like `2026-12-25 - 2026-12-26 = Krismasi / Christmas`.
    holidays: Option<String>,
    /// Days with hours of their own, a line each, like `2026-12-24: 09:00-12:00`, or `2026-12-31: closed`.
    special: Option<String>,
    /// The configuration's version that was looked at; where another has come meanwhile, nothing is changed.
    version: Option<i64>,
}

/// What many tenants may be given at once; the rest is each one's own.
const SHARED: [&str; 7] = [
    "template_type",
    "language",
    "timezone",
    "currency",
    "retention_days",
    "rate_limit_per_minute",
    "remove_deleted",
];

impl ConfigForm {
    /// What stands.
    pub(super) fn of(detail: &TenantDetail) -> Self {
        let config = &detail.config;
        let stands = config.hours.as_ref();
        let day = |day: usize| Some(hours::line(stands.and_then(|hours| hours.week.get(day))));
        let between = |day: usize| Some(hours::line(stands.and_then(|hours| hours.breaks.get(day))));
        let phone = detail.tenant.phone_number.as_ref().map(|phone| phone.as_str().to_owned());
        let limit = config.rate_limit_per_minute.map(|limit| limit.to_string());
        Self {
            name: Some(detail.tenant.name.clone()),
            phone_number: Some(phone.unwrap_or_default()),
            template_type: Some(config.template_type.to_string()),
            business_name: Some(config.business_name.clone()),
            language: Some(config.language.to_string()),
            timezone: Some(detail.tenant.timezone.clone()),
            currency: Some(detail.tenant.currency.clone()),
            retention_days: Some(
                detail.tenant.retention_days.map(|days| days.to_string()).unwrap_or_default(),
            ),
            rate_limit_per_minute: Some(limit.unwrap_or_default()),
            remove_deleted: Some(if config.remove_deleted { "yes" } else { "no" }.to_owned()),
            hours_0: day(0),
            hours_1: day(1),
            hours_2: day(2),
            hours_3: day(3),
            hours_4: day(4),
            hours_5: day(5),
            hours_6: day(6),
            breaks_0: between(0),
            breaks_1: between(1),
            breaks_2: between(2),
            breaks_3: between(3),
            breaks_4: between(4),
            breaks_5: between(5),
            breaks_6: between(6),
            holidays: Some(hours::holidays(stands)),
            special: Some(hours::specials(stands)),
            version: Some(config.version),
        }
    }

    /// What many tenants may be given at once: what is left empty stays as it is with each.
    pub(super) fn of_many(pairs: &[(String, String)]) -> Self {
        let shared = pairs.iter().filter(|(name, _)| SHARED.contains(&name.as_str()));
        let filled = shared.filter_map(|(name, value)| Some((name.clone(), given(value)?.into())));
        // Each of them is a text.
        serde_json::from_value(serde_json::Value::Object(filled.collect())).unwrap_or_default()
    }

    /// The fields of those, empty.
    pub(super) fn fields_of_many(packs: &Packs) -> Vec<Field> {
        let stays = |input| match input {
            Input::Choice(mut choices) => {
                choices.insert(0, (String::new(), words::tenants::as_it_is().to_owned()));
                Input::Choice(choices)
            }
            other => other,
        };
        let fields = Self::default().fields(packs, PackId::BOOKING, None).main.into_iter();
        let shared = fields.filter(|field| SHARED.contains(&field.name));
        shared.map(|field| Field { input: stays(field.input.clone()), ..field.hint("").optional() }).collect()
    }

    /// Which version was looked at.
    pub(super) const fn version(&self) -> Option<i64> {
        self.version
    }

    /// The same on top of another version.
    pub(super) fn on(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }

    fn days(&self) -> [&Option<String>; 7] {
        let Self { hours_0, hours_1, hours_2, hours_3, hours_4, hours_5, hours_6, .. } = self;
        [hours_0, hours_1, hours_2, hours_3, hours_4, hours_5, hours_6]
    }

    fn breaks(&self) -> [&Option<String>; 7] {
        let Self { breaks_0, breaks_1, breaks_2, breaks_3, breaks_4, breaks_5, breaks_6, .. } = self;
        [breaks_0, breaks_1, breaks_2, breaks_3, breaks_4, breaks_5, breaks_6]
    }

    /// The hours, where any of them was sent; what was not stays as it stands.
    fn hours(&self, stands: &Self) -> Result<Option<Option<domain::Hours>>, Problem> {
        let (days, breaks) = (self.days(), self.breaks());
        let dates = [&self.holidays, &self.special];
        if days.iter().chain(&breaks).chain(&dates).all(|sent| sent.is_none()) {
            return Ok(None);
        }
        let line = |(sent, stands): (&'_ Option<String>, &'_ Option<String>)| -> String {
            sent.as_ref().or(stands.as_ref()).cloned().unwrap_or_default()
        };
        let seven = |sent: [&Option<String>; 7], stands: [&Option<String>; 7]| {
            let mut both = sent.into_iter().zip(stands);
            [(); 7].map(|()| both.next().map(line).unwrap_or_default())
        };
        let (week, breaks) = (seven(days, stands.days()), seven(breaks, stands.breaks()));
        let typed = hours::Typed {
            week: week.each_ref().map(String::as_str),
            breaks: breaks.each_ref().map(String::as_str),
            holidays: &line((&self.holidays, &stands.holidays)),
            special: &line((&self.special, &stands.special)),
        };
        hours::read(&typed).map(Some)
    }

    /// What the API would have been sent, where this stands.
    pub(super) fn read(&self, stands: &Self) -> Result<api::UpdateTenant, Problem> {
        let number = |text: &String| given(text);
        let limit = self.rate_limit_per_minute.as_deref().map(checks::rate_limit_text).transpose()?;
        Ok(api::UpdateTenant {
            name: self.name.clone(),
            phone_number: self.phone_number.as_ref().map(number),
            timezone: self.timezone.as_deref().map(|zone| zone.trim().to_owned()),
            currency: self.currency.as_deref().map(|code| code.trim().to_uppercase()),
            retention_days: self.retention_days.as_deref().map(checks::retention_text).transpose()?,
            config: Some(api::ConfigInput {
                template_type: self.template_type.as_deref().and_then(given),
                business_name: self.business_name.clone(),
                language: chosen("language", self.language.as_deref().unwrap_or_default())?,
                hours: self.hours(stands)?,
                rate_limit_per_minute: limit,
                remove_deleted: self.remove_deleted.as_deref().map(removal).transpose()?,
            }),
        })
    }

    /// The fields, with what is wrong beside the one at fault.
    pub(super) fn fields(&self, packs: &Packs, stands: PackId, problem: Option<&Problem>) -> ConfigFields {
        let field = |name, label, input, value: &Option<String>| {
            Field::new(name, label, input).value(value.clone().unwrap_or_default()).wrong(problem)
        };
        let removal = Input::Choice(vec![
            ("no".to_owned(), words::forms::removal_no().to_owned()),
            ("yes".to_owned(), words::forms::removal_yes().to_owned()),
        ]);
        let main = vec![
            field("name", words::forms::business(), Input::TEXT, &self.name),
            field("phone_number", words::forms::number(), Input::PHONE, &self.phone_number)
                .hint(words::forms::number_hint())
                .optional(),
            field(
                "template_type",
                words::forms::pack(),
                packs::choices(packs, stands.as_str()),
                &self.template_type,
            ),
            field("business_name", words::forms::display(), Input::TEXT, &self.business_name)
                .hint(words::forms::display_hint()),
            field("language", words::forms::language(), languages(), &self.language),
            field("rate_limit_per_minute", words::forms::rate(), Input::NUMBER, &self.rate_limit_per_minute)
                .hint(words::forms::rate_hint())
                .optional(),
            field("timezone", words::forms::timezone(), Input::TEXT, &self.timezone)
                .hint(words::forms::timezone_hint()),
            field("currency", words::forms::currency(), Input::TEXT, &self.currency)
                .hint(words::forms::currency_hint()),
            field("retention_days", words::forms::retention(), Input::NUMBER, &self.retention_days)
                .hint(words::forms::retention_hint())
                .optional(),
            field("remove_deleted", words::forms::removal(), removal, &self.remove_deleted)
                .hint(words::forms::removal_hint())
                .optional(),
        ];
        let days = self.days().into_iter().zip(hours::days()).zip(hours::FIELDS);
        let days = days.map(|((line, day), name)| field(name, day, Input::TEXT, line).optional()).collect();
        let breaks = self.breaks().into_iter().zip(hours::days()).zip(hours::BREAKS);
        let breaks =
            breaks.map(|((line, day), name)| field(name, day, Input::TEXT, line).optional()).collect();
        let dates = vec![
            field("holidays", words::forms::holidays(), Input::Area, &self.holidays)
                .hint(words::forms::holidays_hint())
                .optional(),
            field("special", words::forms::special(), Input::Area, &self.special)
                .hint(words::forms::special_hint())
                .optional(),
        ];
        ConfigFields { main, days, breaks, dates }
    }
}

/// The fields of a tenant's configuration, as its page groups them.
pub(super) struct ConfigFields {
    pub(super) main: Vec<Field>,
    /// Opening hours of each day.
    pub(super) days: Vec<Field>,
    /// Breaks of each day.
    pub(super) breaks: Vec<Field>,
    /// Holidays, and days with hours of their own.
    pub(super) dates: Vec<Field>,
}

impl ConfigFields {
    /// Those of the opening hours.
    pub(super) fn hours(&self) -> impl Iterator<Item = &Field> {
        self.days.iter().chain(&self.breaks).chain(&self.dates)
    }
}

/// Whether the text of what a customer deletes is removed.
fn removal(text: &str) -> Result<bool, Problem> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Problem::invalid_field("config.remove_deleted", words::checks::removal())),
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// One of an enum's words, or nothing.
fn chosen<T: std::str::FromStr + VariantNames>(
    field: &'static str,
    text: &str,
) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = parse_label(text);
    read.map(Some).map_err(|error: UnknownLabel| Problem::invalid_field(field, error.to_string()))
}

/// Languages as an operator reads them.
fn languages() -> Input {
    let label = |language| match language {
        Language::Sw => words::forms::swahili(),
        Language::En => words::forms::english(),
    };
    choices(<Language as strum::VariantArray>::VARIANTS, label)
}

fn choices<T: Copy + ToString>(all: &[T], label: impl Fn(T) -> &'static str) -> Input {
    Input::Choice(all.iter().map(|one| (one.to_string(), label(*one).to_owned())).collect())
}
