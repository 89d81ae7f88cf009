//! The key file from which workers' tokens are made.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use link::TokenKey;

use crate::OpenError;

/// Reads the key file, or makes one of mode 0600 where there is none. Whoever loses it can no longer speak to the
/// workers that run.
///
/// # Errors
/// Where it cannot be read or made, or is no key.
pub fn load_or_create(path: &Path) -> Result<TokenKey, OpenError> {
    load_or_create_bytes(path).map(TokenKey::from_bytes)
}

/// The same as bytes, for whatever else is made from it.
///
/// # Errors
/// As [`load_or_create`].
pub fn load_or_create_bytes(path: &Path) -> Result<[u8; 32], OpenError> {
    let fault = |source| OpenError::Path { path: path.to_owned(), source };
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            let bytes = TokenKey::generate();
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(fault)?;
            Ok(bytes)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let mut bytes = Vec::new();
            let file = std::fs::File::open(path).map_err(fault)?;
            file.take(33).read_to_end(&mut bytes).map_err(fault)?;
            bytes.try_into().map_err(|_| OpenError::Key { path: path.to_owned() })
        }
        Err(error) => Err(fault(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::load_or_create;

    #[test]
    fn a_key_is_made_once_and_a_broken_one_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        load_or_create(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        load_or_create(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), bytes);

        std::fs::write(&path, b"short").unwrap();
        let error = load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("key file of 32 bytes"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"short");
    }
}
