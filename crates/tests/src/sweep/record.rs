//! What was seen of whose words.

use std::collections::HashSet;

use super::{Swept, subject::Subject};

/// What operators note of a tenant for themselves, which its own people never see.
const OF_OPERATORS: [&str; 2] = ["tag", "private note"];

/// The tenants, and what was seen of them.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) subjects: Vec<Subject>,
    /// Words that were seen in their own tenant's answers: what is never seen there would not be seen elsewhere either.
    seen: HashSet<(usize, &'static str)>,
    swept: Swept,
}

impl Record {
    pub(super) fn new(subjects: Vec<Subject>) -> Self {
        Self { subjects, seen: HashSet::new(), swept: Swept::default() }
    }

    /// Looks through a text that may hold the words of `own` and of nobody else.
    pub(super) fn search(&mut self, what: &str, text: &str, own: Option<usize>) {
        self.swept.searched += 1;
        for (n, subject) in self.subjects.iter().enumerate() {
            let found = subject.in_text(text);
            if own == Some(n) {
                self.seen.extend(found.map(|field| (n, field)));
            } else {
                let findings = found.map(|field| format!("{what} shows the {field} of tenant {n}"));
                self.swept.findings.extend(findings);
            }
        }
    }

    /// Looks through a text that may hold everybody's words but this tenant's.
    pub(super) fn search_for(&mut self, n: usize, what: &str, text: &str) {
        self.swept.searched += 1;
        let found =
            self.subjects[n].in_text(text).map(|field| format!("{what} shows the {field} of tenant {n}"));
        self.swept.findings.extend(found);
    }

    /// Looks through what a tenant's own people are shown for what operators note of it for themselves.
    pub(super) fn search_for_operators_own(&mut self, n: usize, what: &str, text: &str) {
        let found = self.subjects[n].in_text(text).filter(|field| OF_OPERATORS.contains(field));
        let found =
            found.map(|field| format!("{what} shows the {field} of tenant {n}, which is the operators' own"));
        self.swept.findings.extend(found);
    }

    /// The findings, and which words were never found where they are.
    pub(super) fn end(mut self) -> Swept {
        for (n, subject) in self.subjects.iter().enumerate() {
            for field in subject.fields().filter(|field| !self.seen.contains(&(n, *field))) {
                self.swept.findings.push(format!(
                    "the {field} of tenant {n} is in none of its own answers, so that it would not be found elsewhere"
                ));
            }
        }
        self.swept
    }
}
