//! Names of the machines on which bots run.

/// The longest: that of a label in DNS (RFC 1035), so that a pod's name is one.
pub const HOST_NAME_MAX_CHARS: usize = 63;

/// Whether this is a name of a host: letters, digits and hyphens, beginning and ending with none of the last.
#[must_use]
pub fn is_host_name(name: &str) -> bool {
    let all = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    all && (1..=HOST_NAME_MAX_CHARS).contains(&name.len()) && !name.starts_with('-') && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::is_host_name;

    #[test]
    fn names_are_labels() {
        for name in ["a", "host-0", "Flowhq-host-11", &"x".repeat(63)] {
            assert!(is_host_name(name), "{name}");
        }
        for name in ["", "-a", "a-", "a.b", "a b", "ä", "a\n", &"x".repeat(64)] {
            assert!(!is_host_name(name), "{name:?}");
        }
    }
}
