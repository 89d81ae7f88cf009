//! Frames as the first version says them: this one reads and says the same.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::wire::{Bound, News, Started, Verb};

fn same<T: Serialize + DeserializeOwned>(lines: &str) {
    for line in lines.lines() {
        let said: T = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(serde_json::to_value(&said).unwrap(), serde_json::from_str::<Value>(line).unwrap());
    }
}

#[test]
fn frames_of_version_1_are_read_and_said() {
    same::<Verb>(include_str!("../../fixtures/version-1-asked.jsonl"));
    same::<Started>(include_str!("../../fixtures/version-1-started.jsonl"));
    same::<News>(include_str!("../../fixtures/version-1-news.jsonl"));
    same::<Bound>(include_str!("../../fixtures/version-1-bounds.jsonl"));
}
