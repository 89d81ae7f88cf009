//! `flowhq serve` as a process.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    fs::OpenOptions,
    path::Path,
    process::{ExitStatus, Stdio},
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
};

use crate::{Admin, Flavour, LIMIT, Place, process, process::Signal};

/// A running control plane. Dropping it kills it, and leaves its workers to the place.
#[derive(Debug)]
pub struct ControlPlane {
    child: Child,
    admin: Admin,
    url: String,
}

impl ControlPlane {
    /// Starts one in `place` and returns once it says that it answers. `whatsapp` is a server's URL.
    pub async fn start(place: &Place, flavour: Flavour, whatsapp: &str) -> Self {
        Self::start_of(place, crate::binaries::binary(flavour), whatsapp).await
    }

    /// The same of any build.
    pub async fn start_of(place: &Place, program: &Path, whatsapp: &str) -> Self {
        Self::start_by(place, program, whatsapp, &[]).await
    }

    /// One that stands by; returns once it has taken over.
    pub async fn stand_by(place: &Place, flavour: Flavour, whatsapp: &str) -> Self {
        Self::start_by(place, crate::binaries::binary(flavour), whatsapp, &["--standby"]).await
    }

    async fn start_by(place: &Place, program: &Path, whatsapp: &str, arguments: &[&str]) -> Self {
        let log = place.beside("serve.log");
        let errors =
            OpenOptions::new().create(true).append(true).open(&log).expect("the place can be written");
        let mut command = place.command_of(program);
        command
            .arg("serve")
            .args(arguments)
            .env("WHATSAPP_URL", whatsapp)
            .stdout(Stdio::piped())
            .stderr(errors);
        let mut child = command.spawn().expect("flowhq can be started");
        let output = BufReader::new(child.stdout.take().expect("it was piped"));
        let mut lines = output.lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("its output is text") {
                if let Some((_, url)) = line.split_once("answers at ") {
                    return Some(url.trim().to_owned());
                }
            }
            None
        };
        let ready = tokio::time::timeout(LIMIT, ready).await.expect("flowhq serve answers in time");
        let url = ready.unwrap_or_else(|| {
            panic!("flowhq serve ended at its start; {} says: {}", log.display(), read(&log))
        });
        // Whoever does not read lets the writer wait in the end.
        drop(tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} }));
        Self { child, admin: Admin { socket: place.data().join("admin.sock") }, url }
    }

    /// Its admin API.
    pub fn admin(&self) -> &Admin {
        &self.admin
    }

    /// Where browsers reach it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Ends it as a crash does.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it runs");
    }

    /// Ends it as a service manager does.
    pub async fn stop(mut self) -> ExitStatus {
        self.end().await
    }

    /// The same where another is to stand in its place.
    pub async fn end(&mut self) -> ExitStatus {
        process::signal(self.pid(), Signal::TERM);
        let ended = tokio::time::timeout(LIMIT, self.child.wait()).await;
        ended.expect("flowhq serve ends when it is asked to").expect("it was a child")
    }
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}
