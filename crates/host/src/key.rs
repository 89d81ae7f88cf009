//! What a host and the control plane both know: 32 bytes that are made from the control plane's `link.key` and the host's name. A
//! host has its own alone, so that whoever takes one over can speak for no other, nor for a worker elsewhere.

use std::{
    fmt,
    fs::File,
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretBox};
use sha2::Sha256;

/// Bytes of a key, a nonce and a proof.
pub(crate) const BYTES: usize = 32;
/// The key of one host.
pub struct HostKey(SecretBox<[u8; BYTES]>);

/// A key that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is none.
    #[error(
        "{}: there is no key of this host. On the control plane's machine `flowhq host --print-key NAME` prints it; put what it \
         prints into this file, with mode 0600",
        path.display()
    )]
    None {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Others could read it.
    #[error("{}: other users may read this key; run `chmod 600` on it, or give HOST_KEY_FILE another one", path.display())]
    Open {
        /// Which.
        path: PathBuf,
    },
    /// It is something else.
    #[error("{}: is no key: 32 bytes, or 64 hexadecimal digits, are expected", path.display())]
    Not {
        /// Which.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl HostKey {
    /// A key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The key of the host of this name: HKDF-SHA256 (RFC 5869) of `link.key`, with its name in the info.
    #[must_use]
    #[expect(clippy::expect_used, reason = "HKDF gives up to 255 times the hash's length: RFC 5869, 2.3")]
    pub fn derive(link_key: &[u8; BYTES], name: &str) -> Self {
        let mut bytes = Box::new([0; BYTES]);
        let info = [b"flowhq host ".as_slice(), name.as_bytes()];
        Hkdf::<Sha256>::new(None, link_key)
            .expand_multi_info(&info, bytes.as_mut_slice())
            .expect("32 bytes can be had");
        Self(SecretBox::new(bytes))
    }

    /// The key in a file: 32 bytes, or the 64 digits that `--print-key` prints. In a directory that an orchestrator has laid out
    /// for a group of ours, the group may read it.
    ///
    /// # Errors
    /// Where there is none, or all may read it.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::Unreadable { path: path.to_owned(), source };
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(KeyError::None { path: path.to_owned() });
            }
            opened => opened.map_err(unreadable)?,
        };
        if file.metadata().map_err(unreadable)?.permissions().mode() & 0o007 != 0 {
            return Err(KeyError::Open { path: path.to_owned() });
        }
        let mut content = SecretBox::new(Box::new(Vec::new()));
        file.take(128)
            .read_to_end(secrecy::ExposeSecretMut::expose_secret_mut(&mut content))
            .map_err(unreadable)?;
        let bytes = content.expose_secret();
        if let Ok(bytes) = <[u8; BYTES]>::try_from(bytes.as_slice()) {
            return Ok(Self::from_bytes(bytes));
        }
        let mut key = [0; BYTES];
        hex::decode_to_slice(bytes.trim_ascii(), &mut key)
            .map_err(|_| KeyError::Not { path: path.to_owned() })?;
        Ok(Self::from_bytes(key))
    }

    /// The key as 64 hexadecimal digits, for the person who carries it to the host.
    #[must_use]
    pub fn tell(&self) -> String {
        hex::encode(self.0.expose_secret())
    }

    /// What says which installation this key is of, and gives nothing of it away: for the volume of its host.
    pub(crate) fn installation(&self) -> String {
        hex::encode(&self.prove(b"flowhq installation\0")[..16])
    }

    /// HMAC over what both sides have said.
    pub(crate) fn prove(&self, transcript: &[u8]) -> [u8; BYTES] {
        let mut mac = self.keyed();
        mac.update(transcript);
        mac.finalize().into_bytes().into()
    }

    /// Whether `proof` is the one over `transcript`, in constant time.
    pub(crate) fn proves(&self, transcript: &[u8], proof: &[u8]) -> bool {
        let mut mac = self.keyed();
        mac.update(transcript);
        mac.verify_slice(proof).is_ok()
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length: RFC 2104")]
    fn keyed(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(self.0.expose_secret()).expect("HMAC takes keys of any length")
    }
}

impl Clone for HostKey {
    fn clone(&self) -> Self {
        Self::from_bytes(*self.0.expose_secret())
    }
}

impl fmt::Debug for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostKey([hidden])")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::fs::Permissions;

    use super::*;

    #[test]
    fn each_host_has_a_key_of_its_own_and_each_installation_others() {
        let key = |link: u8, name: &str| HostKey::derive(&[link; 32], name);
        assert_eq!(key(1, "a").tell(), key(1, "a").tell());
        assert_ne!(key(1, "a").tell(), key(1, "b").tell());
        assert_ne!(key(1, "a").tell(), key(2, "a").tell());
        assert_ne!(key(1, "a").installation(), key(2, "a").installation());
        let proof = key(1, "a").prove(b"said");
        assert!(key(1, "a").proves(b"said", &proof));
        assert!(!key(1, "a").proves(b"SAID", &proof) && !key(1, "b").proves(b"said", &proof));
        assert!(!key(1, "a").proves(b"said", &proof[..31]));
        // Computed by an independent HKDF: anybody who makes keys elsewhere must come to the same.
        assert_eq!(key(1, "host-0").tell(), VECTOR);
    }

    const VECTOR: &str = "fe0c8c9b1cbcccbda919314ff4f1eadcfbab186705c10dce837115bdc49df56c";

    #[test]
    fn a_key_is_read_as_bytes_and_as_digits_and_what_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host.key");
        let missing = HostKey::from_file(&path).unwrap_err().to_string();
        assert!(missing.contains("flowhq host --print-key NAME"), "{missing}");
        let key = HostKey::derive(&[1; 32], "a");
        let write = |content: &[u8], mode| {
            std::fs::write(&path, content).unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            HostKey::from_file(&path)
        };
        let digits = format!("{}\n", key.tell());
        assert_eq!(write(digits.as_bytes(), 0o600).unwrap().tell(), key.tell());
        assert_eq!(write(key.0.expose_secret(), 0o640).unwrap().tell(), key.tell());
        assert!(matches!(write(digits.as_bytes(), 0o604), Err(KeyError::Open { .. })));
        assert!(matches!(write(b"short", 0o600), Err(KeyError::Not { .. })));
        assert!(matches!(write(&[b'a'; 200], 0o600), Err(KeyError::Not { .. })));
        assert!(!format!("{key:?}").contains(&key.tell()));
    }
}
