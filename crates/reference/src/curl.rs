//! One line for a shell that asks for an operation as the reference describes it. curl asks for the password itself, so
//! that it stands in no list of processes and in no history.

use serde_json::Value;

/// What the line is made of.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    /// Where the control plane is, without a slash at the end.
    pub(crate) base: &'a str,
    /// The path, filled in.
    pub(crate) path: &'a str,
    /// Whether it takes a signed-in operator.
    pub(crate) signed_in: bool,
    /// The media type and document that are sent.
    pub(crate) body: Option<(&'a str, &'a Value)>,
    /// What comes back.
    pub(crate) answer: &'a str,
}

impl Call<'_> {
    /// The line.
    pub(crate) fn line(&self) -> String {
        let mut words = vec!["curl".to_owned()];
        if self.signed_in {
            words.push("--user admin".to_owned());
        }
        // Without it curl keeps events back until its buffer is full.
        if self.answer == "text/event-stream" {
            words.push("--no-buffer".to_owned());
        }
        if is_file(self.answer) {
            let name = self.path.rsplit('/').next().unwrap_or_default();
            words.push(format!("--output {}", quoted(name)));
        }
        if !self.answer.is_empty() && self.answer != "application/json" && !self.answer.contains('*') {
            words.push(format!("--header {}", quoted(&format!("accept: {}", self.answer))));
        }
        let posts = self.body.is_some() && self.method == "post";
        if self.method != "get" && !posts {
            words.push(format!("--request {}", self.method.to_uppercase()));
        }
        match self.body {
            Some(("application/json", body)) => {
                words.push("--header 'content-type: application/json'".to_owned());
                words.push(format!("--data {}", quoted(&body.to_string())));
            }
            Some((_, body)) => {
                for (name, value) in body.as_object().into_iter().flatten() {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    words.push(format!("--data-urlencode {}", quoted(&format!("{name}={value}"))));
                }
            }
            None => {}
        }
        words.push(quoted(&format!("{}{}", self.base, self.path)));
        words.join(" ")
    }
}

/// Whether an answer is better kept than shown in a terminal.
fn is_file(media: &str) -> bool {
    media == "text/csv" || media.starts_with("image/") || media == "*/*"
}

/// One word of a shell (POSIX, section 2.2.2).
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
