//! What becomes of one worker, told to whoever watches it: how fast its log grows, whether its directory is too large, and how it
//! has ended. It is looked at here, in step with the others, so that nothing is said of a worker that is well.

use std::{io, time::Duration};

use supervisor::{Ended, Looks};
use tokio::{
    io::{AsyncRead, AsyncWrite, split},
    sync::{mpsc, watch},
    time::Instant,
};

use super::{
    verbs::{Stream, answer},
    workers::Known,
};
use crate::wire::{Bound, News, hear, say, within};

/// Between two looks at how much a worker says.
const OUTPUT: Duration = Duration::from_millis(500);
/// Between two looks at its directory.
const DIRECTORY: Duration = Duration::from_secs(2);
/// How long whoever watches may take to read.
const READ_TIME: Duration = Duration::from_secs(30);
/// What was said and not taken up yet.
const BOUNDS_MAX: usize = 4;

/// Tells of a worker until it has ended, or nobody listens any more. Of one that nobody knows, nobody knows how it ended.
pub(super) async fn tell_of(stream: &mut Stream, known: Option<Known>, origin: Instant) -> io::Result<()> {
    answer(stream, Ok(())).await?;
    let Some(known) = known else {
        return within(READ_TIME, say(stream, &News::Ended(Ended::Unknown))).await;
    };
    let (mut read, mut write) = split(stream);
    let (bounds, said) = mpsc::channel(BOUNDS_MAX);
    tokio::select! {
        ended = listen(&mut read, bounds) => ended,
        told = tell(&mut write, known, said, origin) => told,
    }
}

async fn listen(read: &mut (impl AsyncRead + Unpin), bounds: mpsc::Sender<Bound>) -> io::Result<()> {
    loop {
        let bound = hear(read).await?;
        if bounds.send(bound).await.is_err() {
            return Ok(());
        }
    }
}

async fn tell(
    write: &mut (impl AsyncWrite + Unpin),
    mut known: Known,
    mut said: mpsc::Receiver<Bound>,
    origin: Instant,
) -> io::Result<()> {
    let mut looks = Looks::new(&*known.process, origin, OUTPUT, DIRECTORY);
    // Of one that tells by itself there is nothing to look for in between.
    let tells = known.process.news().is_some();
    let (mut looked, mut most, mut outgrown) = (true, None, false);
    loop {
        // What was told and not taken in holds the next up: where nobody looks, the log stops growing.
        let (log, directory) = tokio::select! {
            ended = end_of(&mut known.ended) => {
                let Some(ended) = ended else { return Ok(()) };
                return within(READ_TIME, say(write, &News::Ended(ended))).await;
            }
            Some(bound) = said.recv() => {
                // What is there may be too much already.
                let first = matches!(bound, Bound::Directory(_));
                match bound {
                    Bound::Looked => looked = true,
                    Bound::Directory(bytes) => most = Some(bytes),
                    Bound::Tidy => known.process.tidy().await,
                }
                // What one that tells has told meanwhile was passed over.
                (tells && looked, tells || first)
            }
            look = looks.next(&*known.process) => (look.log && looked, look.directory),
        };
        if log {
            let grown = known.process.output();
            if grown > 0 {
                looked = false;
                within(READ_TIME, say(write, &News::Grown(grown))).await?;
            }
        }
        if directory && let Some(most) = most {
            let is = known.process.outgrown(most).await;
            if std::mem::replace(&mut outgrown, is) != is {
                within(READ_TIME, say(write, &News::Outgrown(is))).await?;
            }
        }
    }
}

/// How a worker has ended, once it has; nothing where nobody will know.
async fn end_of(ended: &mut watch::Receiver<Option<Ended>>) -> Option<Ended> {
    ended.wait_for(Option::is_some).await.ok().and_then(|ended| *ended)
}
