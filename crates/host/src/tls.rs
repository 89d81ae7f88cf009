//! TLS 1.3 between control plane and host. Its certificate is made at each start and proves nothing: who is at the other end,
//! both sides prove over the channel itself (see [`crate::proof`]), so that nobody has to hand certificates around.

use std::sync::Arc;

use rustls::{
    ClientConfig, DigitallySignedStruct, Error, ServerConfig, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime},
    version::TLS13,
};

use crate::{HostError, key::BYTES};

/// What is spoken over it: a server of anything else refuses.
const ALPN: &[u8] = b"flowhq-host";
/// The label by which both sides draw the same bytes from one channel, and nobody in between does (RFC 9266 does it likewise).
const EXPORTER: &[u8] = b"EXPORTER-flowhq-host";
/// A name for the certificate, which nobody looks at.
const NAME: &str = "flowhq-host.invalid";

/// Bytes that the two ends of one TLS connection have in common, and nobody else.
pub(crate) type Channel = [u8; BYTES];

fn failed(error: impl std::fmt::Display) -> HostError {
    HostError::Tls(error.to_string())
}

/// The host's side, with a certificate made for it.
pub(crate) fn server() -> Result<Arc<ServerConfig>, HostError> {
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).map_err(failed)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .map_err(failed)?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .map_err(failed)?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    // Each connection proves itself anew.
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(Arc::new(config))
}

/// The control plane's side.
pub(crate) fn client() -> Result<Arc<ClientConfig>, HostError> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&TLS13])
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = rustls::client::Resumption::disabled();
    config.enable_sni = false;
    Ok(Arc::new(config))
}

/// Whom the control plane asks for, which nobody looks at.
#[expect(clippy::expect_used, reason = "a constant that a test reads")]
pub(crate) fn name() -> ServerName<'static> {
    ServerName::try_from(NAME).expect("a name")
}

/// What binds a proof to the server's end of a connection.
pub(crate) fn of_server<S>(stream: &tokio_rustls::server::TlsStream<S>) -> Result<Channel, HostError> {
    stream.get_ref().1.export_keying_material([0; BYTES], EXPORTER, None).map_err(failed)
}

/// What binds a proof to the client's end of a connection.
pub(crate) fn of_client<S>(stream: &tokio_rustls::client::TlsStream<S>) -> Result<Channel, HostError> {
    stream.get_ref().1.export_keying_material([0; BYTES], EXPORTER, None).map_err(failed)
}

/// Takes any certificate whose key has signed this very handshake. By that the channel has one other end, and the proof says
/// which.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2 is not spoken here".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_sides_can_be_set_up() {
        super::server().unwrap();
        super::client().unwrap();
        super::name();
    }
}
