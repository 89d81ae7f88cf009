//! The same server over TLS.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::net::TcpStream;
use virtual_whatsapp::{Authority, EventKind, Options, TlsListener, TlsOptions, VirtualWhatsApp};
use whatsapp_rust::transport::TokioWebSocketTransportFactory;

use crate::bot::{BUSINESS, EchoBot, caught_up, wait};

fn trusting(pem: &str) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_trusts_the_authority_links_and_talks_over_tls() {
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let authority = Authority::generate().unwrap();
    let tls = TlsListener::start(server.clone(), &authority, &TlsOptions::default()).await.unwrap();
    assert!(tls.url().starts_with("wss://127.0.0.1:"));
    let connector = tokio_websockets::Connector::Rustls(tokio_rustls::TlsConnector::from(Arc::new(
        trusting(&authority.pem()),
    )));
    let transport = TokioWebSocketTransportFactory::new().with_url(tls.url()).with_connector(connector);
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start_over(transport, &directory, None).await;
    server.phone(BUSINESS).unwrap().scan(&bot.qr().await).await.unwrap();
    caught_up(&server, 0).await;
    let asha = server.customer(crate::bot::ASHA, "Asha").unwrap();
    wait(&server, 0, |event| matches!(event, EventKind::PrekeysUploaded { .. })).await;
    asha.send_text(BUSINESS, "encrypted twice").unwrap();
    let replies = asha.wait_for_reply(BUSINESS, 1, crate::bot::LIMIT).await.unwrap();
    assert_eq!(replies[0].body.text(), Some("echo: encrypted twice"));
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_trusts_another_authority_is_not_served_and_a_kept_one_is_trusted_again() {
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("authority.pem");
    let first = Authority::kept_in(&file).unwrap();
    let other = Authority::generate().unwrap();
    let tls =
        TlsListener::start(server.clone(), &Authority::kept_in(&file).unwrap(), &TlsOptions::default()).await;
    let tls = tls.unwrap();
    for (pem, trusted) in [(first.pem(), true), (other.pem(), false)] {
        let connector = tokio_rustls::TlsConnector::from(Arc::new(trusting(&pem)));
        let stream = TcpStream::connect(tls.address()).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        assert_eq!(connector.connect(name, stream).await.is_ok(), trusted);
    }
    std::fs::write(&file, "no key").unwrap();
    assert!(Authority::kept_in(&file).is_err(), "a damaged key is not replaced");
}
