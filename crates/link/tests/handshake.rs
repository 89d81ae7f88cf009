//! Who is let in, who is not, and that both sides learn why.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use domain::TenantId;
use link::{Identity, LinkError, Reason, TokenKey, Versions, accept, dial};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

fn key() -> TokenKey {
    TokenKey::from_bytes([7; 32])
}

fn identity(tenant: TenantId, generation: i64) -> Identity {
    Identity::new(tenant, generation, key().token(tenant, generation))
}

/// The reason for which a connection between these two fails; both sides must give the same one.
async fn refused(worker: &Identity, control: &Identity) -> Reason {
    let (a, b) = duplex(64 * 1024);
    let (worker, control) = tokio::join!(accept(a, worker), dial(b, control));
    match (worker.err(), control.err()) {
        (Some(LinkError::Refused(ours)), Some(LinkError::RefusedByPeer(theirs)))
        | (Some(LinkError::RefusedByPeer(theirs)), Some(LinkError::Refused(ours))) => {
            assert_eq!(ours, theirs, "both sides know the same reason");
            ours.reason
        }
        other => panic!("expected a refusal known to both, got {other:?}"),
    }
}

#[tokio::test]
async fn two_who_share_a_token_meet() {
    let own = identity(TenantId::generate(), 3);
    let (a, b) = duplex(64 * 1024);
    let (worker, control) = tokio::join!(accept(a, &own), dial(b, &own));
    let newest = Versions::OURS.max;
    assert_eq!((worker.unwrap().version(), control.unwrap().version()), (newest, newest));
}

#[tokio::test]
async fn the_version_before_is_spoken_and_the_one_before_that_is_not() {
    let tenant = TenantId::generate();
    let with = |versions| Identity { versions, ..identity(tenant, 1) };
    for (worker, control, expected) in [(2, 3, 2), (3, 2, 2), (3, 3, 3), (1, 2, 1)] {
        let (a, b) = duplex(64 * 1024);
        let (worker, control) = (with(Versions::up_to(worker)), with(Versions::up_to(control)));
        let (worker, control) = tokio::join!(accept(a, &worker), dial(b, &control));
        assert_eq!((worker.unwrap().version(), control.unwrap().version()), (expected, expected));
    }
    for (worker, control) in [(1, 3), (3, 1), (2, 9)] {
        let reason = refused(&with(Versions::up_to(worker)), &with(Versions::up_to(control))).await;
        assert_eq!(reason, Reason::Version);
    }
}

#[tokio::test]
async fn another_tenant_generation_or_token_is_refused() {
    let (a, b) = (TenantId::generate(), TenantId::generate());
    assert_eq!(refused(&identity(a, 1), &identity(b, 1)).await, Reason::Tenant);
    assert_eq!(refused(&identity(a, 1), &identity(a, 2)).await, Reason::Generation, "an old generation");
    assert_eq!(refused(&identity(a, 2), &identity(a, 1)).await, Reason::Generation, "an old control plane");
    let forged = Identity { token: TokenKey::from_bytes([8; 32]).token(a, 1), ..identity(a, 1) };
    assert_eq!(refused(&forged, &identity(a, 1)).await, Reason::Proof, "a forging worker");
    assert_eq!(refused(&identity(a, 1), &forged).await, Reason::Proof, "a forging dialler");
    let stale = Identity { token: key().token(a, 1), ..identity(a, 2) };
    assert_eq!(
        refused(&stale, &identity(a, 2)).await,
        Reason::Proof,
        "an old generation that claims the new one"
    );
}

#[tokio::test]
async fn a_recorded_conversation_opens_nothing() {
    let own = identity(TenantId::generate(), 1);
    // What an honest control plane said to an honest worker…
    let (worker_end, mut tap_w) = duplex(64 * 1024);
    let (mut tap_c, control_end) = duplex(64 * 1024);
    let recording = async {
        let mut said = Vec::new();
        relay(&mut tap_c, &mut tap_w, &mut said).await;
        relay(&mut tap_w, &mut tap_c, &mut Vec::new()).await;
        relay(&mut tap_c, &mut tap_w, &mut said).await;
        relay(&mut tap_w, &mut tap_c, &mut Vec::new()).await;
        said
    };
    let (worker, control, said) = tokio::join!(accept(worker_end, &own), dial(control_end, &own), recording);
    worker.unwrap();
    control.unwrap();
    // …is worth nothing to another connection, whose worker has another nonce.
    let (end, mut replayer) = duplex(64 * 1024);
    let (worker, ()) = tokio::join!(accept(end, &own), async { replayer.write_all(&said).await.unwrap() });
    assert_eq!(worker.err().unwrap().refusal().unwrap().reason, Reason::Proof);
}

/// Passes one frame on and writes it down.
async fn relay(from: &mut DuplexStream, to: &mut DuplexStream, said: &mut Vec<u8>) {
    let length = from.read_u32().await.unwrap();
    let mut body = vec![0; usize::try_from(length).unwrap()];
    from.read_exact(&mut body).await.unwrap();
    to.write_u32(length).await.unwrap();
    to.write_all(&body).await.unwrap();
    said.extend(length.to_be_bytes());
    said.extend(body);
}

#[tokio::test]
async fn a_reflected_offer_and_nonsense_are_refused() {
    let own = identity(TenantId::generate(), 1);
    let (a, b) = duplex(64 * 1024);
    let (first, second) = tokio::join!(dial(a, &own), dial(b, &own));
    assert_eq!(first.err().unwrap().refusal().unwrap().reason, Reason::State, "an offer is no answer");
    assert!(second.is_err());

    for (bytes, reason) in [
        (b"GET / HTTP/1.1\r\n\r\n".as_slice(), Reason::TooLarge),
        (b"\0\0\0\x02{}", Reason::Malformed),
        (b"\0\0\x10\x01", Reason::TooLarge),
        (b"\0\0\0\x13{\"type\":\"admitted\"}", Reason::State),
        (b"\0\0\0\x00", Reason::Malformed),
    ] {
        let (end, mut peer) = duplex(64 * 1024);
        let (worker, ()) = tokio::join!(accept(end, &own), async { peer.write_all(bytes).await.unwrap() });
        assert_eq!(worker.err().unwrap().refusal().unwrap().reason, reason, "{bytes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_given_up() {
    let own = identity(TenantId::generate(), 1);
    let (end, _silent) = duplex(64 * 1024);
    assert_eq!(accept(end, &own).await.err().unwrap().refusal().unwrap().reason, Reason::Timeout);
    let (end, gone) = duplex(64 * 1024);
    drop(gone);
    assert!(matches!(accept(end, &own).await, Err(LinkError::Closed | LinkError::Io(_))));
}

#[test]
fn an_identity_never_shows_its_token() {
    let shown = format!("{:?}", identity(TenantId::generate(), 1));
    assert!(shown.contains("[hidden]"), "{shown}");
}
