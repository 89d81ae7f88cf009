//! What operators note of tenants for themselves, and the tags by which they find them again.

use std::collections::HashMap;

use domain::{Tag, TenantId};

use super::{Operator, overview::array};
use crate::{StoreError, rows::Reader, sql::notes};

impl Operator {
    /// The tags of these tenants, each one's in order.
    pub async fn tags_of(&self, ids: &[TenantId]) -> Result<HashMap<TenantId, Vec<String>>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&array(ids));
        let mut tags: HashMap<TenantId, Vec<String>> = HashMap::new();
        for row in tx.rows(&notes::TAGS_OF, args).await? {
            let row = &mut Reader::new(&row);
            tags.entry(row.id()?).or_default().push(row.text()?);
        }
        Ok(tags)
    }

    /// What is noted of these tenants, of those of which anything is.
    pub async fn notes_of(&self, ids: &[TenantId]) -> Result<HashMap<TenantId, String>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&array(ids));
        let found = tx.rows(&notes::NOTES_OF, args).await?;
        found
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((row.id()?, row.text()?))
            })
            .collect()
    }

    /// The tags that most tenants have, at most this many, and how many have each.
    pub async fn most_used_tags(&self, limit: u32) -> Result<Vec<(String, u64)>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().int(limit.into());
        let found = tx.rows(&notes::MOST_USED, args).await?;
        found
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((row.text()?, row.count()?))
            })
            .collect()
    }

    /// The tenants that have a tag.
    pub(super) async fn tagged(&self, tag: &Tag) -> Result<Vec<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(tag.as_str());
        tx.rows(&notes::TAGGED, args).await?.iter().map(|row| Reader::new(row).id()).collect()
    }
}
