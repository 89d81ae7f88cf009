//! The authority: a key that signs the server's certificate, made at the start or kept in a file.

use std::fmt;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::TlsError;

/// An authority that clients are told to trust. It signs for this server alone.
pub struct Authority {
    key: KeyPair,
    certificate: Certificate,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// A new one, that nobody will have again.
    ///
    /// # Errors
    /// [`TlsError::Certificate`], which does not happen.
    pub fn generate() -> Result<Self, TlsError> {
        Self::of(KeyPair::generate()?)
    }

    /// The one whose key is in `file`; where there is no such file, a new one is made and its key written there
    /// (mode 0600), so that clients which trust it still do after the server was started again.
    ///
    /// # Errors
    /// [`TlsError::File`], [`TlsError::Certificate`] where the file holds no key.
    pub fn kept_in(file: &Path) -> Result<Self, TlsError> {
        let failed = |cause| TlsError::File { path: file.to_owned(), cause };
        match std::fs::read_to_string(file) {
            Ok(pem) => Self::of(KeyPair::from_pem(&pem)?),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let made = Self::generate()?;
                let mut open = std::fs::OpenOptions::new();
                open.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
                let mut out = open.open(file).map_err(failed)?;
                out.write_all(made.key.serialize_pem().as_bytes()).map_err(failed)?;
                Ok(made)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Its certificate, for clients to trust.
    #[must_use]
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Writes its certificate to a file.
    ///
    /// # Errors
    /// [`TlsError::File`].
    pub fn write_to(&self, file: &Path) -> Result<(), TlsError> {
        std::fs::write(file, self.pem()).map_err(|cause| TlsError::File { path: file.to_owned(), cause })
    }

    fn of(key: KeyPair) -> Result<Self, TlsError> {
        let certificate = params()?.self_signed(&key)?;
        Ok(Self { key, certificate })
    }

    /// A fresh certificate for these names, ready to be listened with.
    pub(super) fn issue(&self, names: &[String]) -> Result<Arc<ServerConfig>, TlsError> {
        let mut leaf = CertificateParams::new(names)?;
        leaf.distinguished_name = name("Virtual WhatsApp");
        leaf.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let params = params()?;
        let certificate = leaf.signed_by(&key, &Issuer::from_params(&params, &self.key))?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        Ok(Arc::new(config))
    }
}

fn params() -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = name("Virtual WhatsApp, an authority for tests");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}
