//! Reads a row's columns one after the other, in the order of the column list beside each `read` function.

use std::str::FromStr;

use domain::{Digits, Id, Timestamp, parse_label};
use sqlx::{Column as _, Row as _, any::AnyRow};
use strum::VariantNames;

use crate::StoreError;

/// A row and how far it was read.
pub(crate) struct Reader<'a> {
    row: &'a AnyRow,
    next: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(row: &'a AnyRow) -> Self {
        Self { row, next: 0 }
    }

    fn corrupt(&self, reason: impl std::fmt::Display) -> StoreError {
        let index = self.next.saturating_sub(1);
        let column = self.row.columns().get(index).map_or_else(|| index.to_string(), |c| c.name().to_owned());
        StoreError::Corrupt { column, reason: reason.to_string() }
    }

    fn value<T>(&mut self) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'a, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        let index = self.next;
        self.next += 1;
        self.row.try_get(index).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.value()
    }

    pub(crate) fn opt_text(&mut self) -> Result<Option<String>, StoreError> {
        self.value()
    }

    pub(crate) fn int(&mut self) -> Result<i64, StoreError> {
        self.value()
    }

    pub(crate) fn count(&mut self) -> Result<u64, StoreError> {
        let value = self.int()?;
        u64::try_from(value).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn opt_count(&mut self) -> Result<Option<u64>, StoreError> {
        let value: Option<i64> = self.value()?;
        value.map(u64::try_from).transpose().map_err(|error| self.corrupt(error))
    }

    pub(crate) fn opt_int(&mut self) -> Result<Option<i64>, StoreError> {
        self.value()
    }

    pub(crate) fn parsed<T: FromStr>(&mut self) -> Result<T, StoreError>
    where
        T::Err: std::fmt::Display,
    {
        self.text()?.parse().map_err(|error| self.corrupt(error))
    }

    pub(crate) fn opt_parsed<T: FromStr>(&mut self) -> Result<Option<T>, StoreError>
    where
        T::Err: std::fmt::Display,
    {
        self.opt_text()?.map(|text| text.parse()).transpose().map_err(|error| self.corrupt(error))
    }

    pub(crate) fn id<K>(&mut self) -> Result<Id<K>, StoreError> {
        self.parsed()
    }

    pub(crate) fn opt_id<K>(&mut self) -> Result<Option<Id<K>>, StoreError> {
        self.opt_parsed()
    }

    pub(crate) fn label<T: FromStr + VariantNames>(&mut self) -> Result<T, StoreError> {
        parse_label(&self.text()?).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn opt_label<T: FromStr + VariantNames>(&mut self) -> Result<Option<T>, StoreError> {
        let text = self.opt_text()?;
        text.map(|text| parse_label(&text)).transpose().map_err(|error| self.corrupt(error))
    }

    pub(crate) fn pack(&mut self) -> Result<domain::PackId, StoreError> {
        self.text()?.parse().map_err(|error: domain::InvalidPackId| self.corrupt(error))
    }

    pub(crate) fn opt_digits(&mut self) -> Result<Option<Digits>, StoreError> {
        self.opt_text()?.map(Digits::new).transpose().map_err(|error| self.corrupt(error))
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        serde_json::from_str(&self.text()?).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn opt_json<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>, StoreError> {
        let text = self.opt_text()?;
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| self.corrupt(error))
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, StoreError> {
        let value = self.int()?;
        Timestamp::from_millisecond(value).map_err(|error| self.corrupt(error))
    }

    pub(crate) fn opt_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let value: Option<i64> = self.value()?;
        value.map(Timestamp::from_millisecond).transpose().map_err(|error| self.corrupt(error))
    }
}
