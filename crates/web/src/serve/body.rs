//! Bodies that tell the place of their connection how far its request is.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;

use super::places::Place;

/// What a client sends. When all of it is there, the request has come in whole.
pub(super) struct Arriving {
    inner: Incoming,
    place: Arc<Place>,
}

impl Arriving {
    pub(super) fn new(inner: Incoming, place: Arc<Place>) -> Self {
        if inner.is_end_stream() {
            place.answering();
        }
        Self { inner, place }
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if !matches!(frame, Some(Err(_))) && (frame.is_none() || self.inner.is_end_stream()) {
            self.place.answering();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// When all of an answer was handed on, the connection waits for its next request.
pub(super) struct Leaving(pub(super) Arc<Place>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.waiting();
    }
}
