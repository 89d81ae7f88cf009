//! What every enum has whose words people and programs read.

/// Declares an enum whose variants are words of one spelling: in the database, in JSON, in queries, in what is displayed,
/// and (with the feature `schema`) in the API's document.
macro_rules! words {
    ($case:tt, $(#[$attribute:meta])* $visibility:vis enum $name:ident { $($body:tt)* }) => {
        $(#[$attribute])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, strum::Display,
            strum::EnumString, strum::IntoStaticStr, strum::VariantArray, strum::VariantNames,
        )]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(rename_all = $case)]
        #[strum(serialize_all = $case)]
        $visibility enum $name { $($body)* }
    };
}
pub(crate) use words;
