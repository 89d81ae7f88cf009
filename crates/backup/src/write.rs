//! Writes a backup.

use std::io::{self, Read, Write};

use flate2::{Compression, write::GzEncoder};
use seal::{FileKey, Sealing};
use sha2::{Digest as _, Sha256};
use tar::{Builder, Header};

use crate::{ABOUT, About, Held, MANIFEST, Manifest, is_name};

/// A backup that is being written.
pub struct Writing<W: Write> {
    tar: Builder<GzEncoder<Sealing<W>>>,
    manifest: Manifest,
}

impl<W: Write> Writing<W> {
    /// Begins one.
    ///
    /// # Errors
    /// Where `into` cannot be written.
    pub fn begin(into: W, key: &FileKey, about: &About) -> io::Result<Self> {
        let mut tar = Builder::new(GzEncoder::new(key.seal(into)?, Compression::fast()));
        let text = serde_json::to_vec_pretty(about)?;
        tar.append_data(&mut header(text.len() as u64), ABOUT, text.as_slice())?;
        Ok(Self { tar, manifest: Manifest::default() })
    }

    /// Adds a file of so many bytes.
    ///
    /// # Errors
    /// Where it has fewer bytes than that, its name is none, or something cannot be read or written; the backup is then void.
    pub fn add(&mut self, name: &str, bytes: u64, from: impl Read) -> io::Result<()> {
        if !is_name(name) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{name:?} is no name of a file in a backup"),
            ));
        }
        let mut from = Summed { from: from.take(bytes), sum: Sha256::new(), read: 0 };
        self.tar.append_data(&mut header(bytes), name, &mut from)?;
        if from.read != bytes {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("{name} became shorter while it was read"),
            ));
        }
        let sha256 = hex::encode(from.sum.finalize());
        self.manifest.files.push(Held { name: name.to_owned(), bytes, sha256 });
        Ok(())
    }

    /// Says that something is not in it, and why.
    pub fn leave_out(&mut self, what: String) {
        self.manifest.left_out.push(what);
    }

    /// Ends it; what was written to, and what it holds.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(mut self) -> io::Result<(W, Manifest)> {
        let text = serde_json::to_vec_pretty(&self.manifest)?;
        self.tar.append_data(&mut header(text.len() as u64), MANIFEST, text.as_slice())?;
        let into = self.tar.into_inner()?.finish()?.finish()?;
        Ok((into, self.manifest))
    }
}

/// A plain file that its owner alone may read.
fn header(bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    header
}

/// Sums up what is read.
struct Summed<R> {
    from: R,
    sum: Sha256,
    read: u64,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.sum.update(&into[..read]);
        self.read += read as u64;
        Ok(read)
    }
}
