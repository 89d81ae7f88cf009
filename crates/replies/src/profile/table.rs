//! Services and catalogue as CSV, the way a spreadsheet keeps them: one heading line, columns in any order, lists parted
//! by `;`. A column that is not there keeps its usual value.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Bounds, Product, Service, Text};
use crate::{Amount, AmountError};

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// More than a file of a profile may have.
    #[error("{}", words::profile::table_too_large(Bounds::FILE_BYTES / 1024))]
    TooLarge,
    /// No CSV, or a column that is not known or missing.
    #[error("{}", words::profile::table_unreadable(.line, .why))]
    Unreadable {
        /// Line of the file, from 1.
        line: u64,
        /// What the reader says.
        why: String,
    },
    /// A field that cannot be read.
    #[error("{}", words::profile::table_field(.line, .column, .why))]
    Field {
        /// Line of the file, from 1.
        line: u64,
        /// The column's heading.
        column: &'static str,
        /// What would be read.
        why: String,
    },
}

/// A service as a line.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ServiceLine {
    code: String,
    name_sw: String,
    name_en: String,
    words: String,
    price: String,
    minutes: String,
    staff: String,
    at_once: String,
    on: String,
}

/// A product as a line.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProductLine {
    code: String,
    name_sw: String,
    name_en: String,
    words: String,
    price: String,
    unit_sw: String,
    unit_en: String,
    parts: String,
    stock: String,
    category_sw: String,
    category_en: String,
    on: String,
}

/// Services as CSV.
#[must_use]
pub fn write_services(services: &[Service]) -> String {
    write(services.iter().map(|service| {
        let (name_sw, name_en) = split(&service.name);
        ServiceLine {
            code: service.code.clone(),
            name_sw,
            name_en,
            words: service.words.join("; "),
            price: service.price.map(|price| price.to_string()).unwrap_or_default(),
            minutes: service.minutes.to_string(),
            staff: service.staff.join("; "),
            at_once: service.at_once.map(|number| number.to_string()).unwrap_or_default(),
            on: said(service.on),
        }
    }))
}

/// The catalogue as CSV.
#[must_use]
pub fn write_catalogue(catalogue: &[Product]) -> String {
    write(catalogue.iter().map(|product| {
        let (name_sw, name_en) = split(&product.name);
        let (unit_sw, unit_en) = split(&product.unit);
        let (category_sw, category_en) = split(&product.category);
        ProductLine {
            code: product.code.clone(),
            name_sw,
            name_en,
            words: product.words.join("; "),
            price: product.price.to_string(),
            unit_sw,
            unit_en,
            parts: said(product.parts),
            stock: product.stock.map(|stock| stock.to_string()).unwrap_or_default(),
            category_sw,
            category_en,
            on: said(product.on),
        }
    }))
}

/// Services from CSV.
///
/// # Errors
/// The first line or field that cannot be read. Bounds are [`super::Profile::check`]'s.
pub fn read_services(csv: &[u8]) -> Result<Vec<Service>, TableError> {
    read(csv, Bounds::SERVICES, |line: ServiceLine, at| {
        Ok(Service {
            code: line.code,
            name: join(line.name_sw, line.name_en),
            words: list(&line.words),
            price: amount(at, "price", &line.price)?,
            minutes: number(at, "minutes", &line.minutes)?.unwrap_or_default(),
            staff: list(&line.staff),
            at_once: number(at, "at_once", &line.at_once)?,
            on: switch(at, "on", &line.on, true)?,
        })
    })
}

/// The catalogue from CSV. Counts of stock are taken as counted anew: see [`Product::stock_counted`].
///
/// # Errors
/// The first line or field that cannot be read.
pub fn read_catalogue(csv: &[u8]) -> Result<Vec<Product>, TableError> {
    read(csv, Bounds::PRODUCTS, |line: ProductLine, at| {
        let price = amount(at, "price", &line.price)?;
        let why = || words::profile::table_price().to_owned();
        Ok(Product {
            code: line.code,
            name: join(line.name_sw, line.name_en),
            words: list(&line.words),
            price: price.ok_or_else(|| TableError::Field { line: at, column: "price", why: why() })?,
            unit: join(line.unit_sw, line.unit_en),
            parts: switch(at, "parts", &line.parts, false)?,
            stock: amount(at, "stock", &line.stock)?,
            stock_counted: 0,
            stock_counted_at: None,
            category: join(line.category_sw, line.category_en),
            on: switch(at, "on", &line.on, true)?,
        })
    })
}

fn write<T: Serialize>(lines: impl Iterator<Item = T>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A field that a spreadsheet would take for a formula is told apart by its reader, not here: the same file is read back.
    for line in lines {
        let _ = writer.serialize(line);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn read<L: for<'de> Deserialize<'de>, T>(
    bytes: &[u8],
    most: usize,
    make: impl Fn(L, u64) -> Result<T, TableError>,
) -> Result<Vec<T>, TableError> {
    if bytes.len() > Bounds::FILE_BYTES {
        return Err(TableError::TooLarge);
    }
    // What spreadsheets put before UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let semicolons = first.iter().filter(|byte| **byte == b';').count();
    let commas = first.iter().filter(|byte| **byte == b',').count();
    let delimiter = if semicolons > commas { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(bytes);
    let mut made = Vec::new();
    for line in reader.deserialize() {
        let line: L = line.map_err(|error| TableError::Unreadable {
            line: error.position().map_or(1, csv::Position::line),
            why: error.to_string(),
        })?;
        let at = u64::try_from(made.len()).unwrap_or(u64::MAX).saturating_add(2);
        made.push(make(line, at)?);
        // One too many, so that the check can say so.
        if made.len() > most {
            break;
        }
    }
    Ok(made)
}

fn split(text: &Text) -> (String, String) {
    (text.sw.clone().unwrap_or_default(), text.en.clone().unwrap_or_default())
}

fn join(sw: String, en: String) -> Text {
    let some = |text: String| (!text.is_empty()).then_some(text);
    Text { sw: some(sw), en: some(en) }
}

fn list(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn amount(line: u64, column: &'static str, text: &str) -> Result<Option<Amount>, TableError> {
    if text.is_empty() {
        return Ok(None);
    }
    // Money out of a spreadsheet has its thousands parted.
    let plain = text.replace([',', ' '], "");
    let why = |error: AmountError| match error {
        AmountError::NoNumber => words::profile::amount_number().to_owned(),
        AmountError::Decimals => words::profile::amount_decimals().to_owned(),
        AmountError::Range => words::profile::amount_range().to_owned(),
    };
    plain.parse().map(Some).map_err(|error| TableError::Field { line, column, why: why(error) })
}

fn number<T: FromStr>(line: u64, column: &'static str, text: &str) -> Result<Option<T>, TableError> {
    if text.is_empty() {
        return Ok(None);
    }
    let why = words::profile::table_number().to_owned();
    text.parse().map(Some).map_err(|_| TableError::Field { line, column, why })
}

fn said(on: bool) -> String {
    if on { "yes" } else { "no" }.to_owned()
}

fn switch(line: u64, column: &'static str, text: &str, usual: bool) -> Result<bool, TableError> {
    match text.to_lowercase().as_str() {
        "" => Ok(usual),
        "yes" | "y" | "true" | "1" | "on" | "ndiyo" => Ok(true),
        "no" | "n" | "false" | "0" | "off" | "hapana" => Ok(false),
        _ => Err(TableError::Field { line, column, why: words::profile::table_switch().to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    #[test]
    fn tables_come_back_as_they_went() {
        let salon = Profile::salon();
        assert_eq!(read_services(write_services(&salon.services).as_bytes()).unwrap(), salon.services);
        let shop = Profile::for_pack("ECOMMERCE");
        assert!(!shop.catalogue.is_empty());
        assert_eq!(read_catalogue(write_catalogue(&shop.catalogue).as_bytes()).unwrap(), shop.catalogue);
    }

    #[test]
    fn a_spreadsheets_own_ways_are_read() {
        let csv = "\u{feff}name_en;code;price;minutes\r\nHaircut;cut;15,000;30\r\n";
        let services = read_services(csv.as_bytes()).unwrap();
        assert_eq!(services[0].price, Some(Amount::whole(15_000)));
        assert!(services[0].on && services[0].staff.is_empty());
    }

    #[test]
    fn a_field_that_cannot_be_read_is_named() {
        let error = |csv: &str| read_catalogue(csv.as_bytes()).unwrap_err().to_string();
        assert!(error("code,name_en,price\na,A,1\nb,B,1.123456\n").contains("Line 3, column price"));
        assert!(error("code,name_en,price\na,A,\n").contains("Line 2, column price"));
        assert!(error("code,colour\na,A\n").contains("colour"));
        assert!(error("code,price,on\na,1,maybe\n").contains("column on"));
    }
}
