//! The table of settings: complete, without double names, and the same as the README's.

use std::{collections::HashSet, ffi::OsString, path::Path};

use config::{ALL, ConfigFile, Fallback, load};
use proptest::prelude::*;

#[test]
fn names_and_keys_are_single_and_well_formed() {
    let mut seen = HashSet::new();
    for setting in ALL {
        assert!(seen.insert(setting.name), "{} stands twice", setting.name);
        assert!(seen.insert(setting.key), "{} stands twice", setting.key);
        assert!(setting.name.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{}", setting.name);
        assert_eq!(setting.key.split('.').count(), 2, "{}: section and field", setting.key);
        assert!(setting.meaning.ends_with('.'), "{}: a sentence", setting.name);
    }
}

#[test]
fn the_promised_names_are_there_with_their_defaults() {
    let promised = [
        ("DATABASE_URL", None),
        ("ADMIN_PASSWORD", None),
        ("PORTAL_INTERNAL_KEY", None),
        ("PORT", Some("3000")),
        ("SESSIONS_PATH", None),
        ("LOGS_PATH", None),
        ("LOG_LEVEL", Some("info")),
        ("RATE_LIMIT_MAX_PER_MINUTE", Some("10")),
        ("REPLY_QUIET_MS", Some("2000")),
        ("HEARTBEAT_INTERVAL_MS", Some("30000")),
        ("STALE_THRESHOLD_MINUTES", Some("2")),
        ("STALE_CHECK_INTERVAL_MS", Some("60000")),
        ("BIND", Some("127.0.0.1")),
        ("PORTAL_PORT", Some("3001")),
        ("ADMIN_URL", None),
        ("PORTAL_URL", None),
        ("TRUSTED_PROXIES", None),
        ("ALLOWED_HOSTS", None),
        ("WHATSAPP_URL", None),
    ];
    for (name, default) in promised {
        let setting =
            ALL.iter().find(|setting| setting.name == name).unwrap_or_else(|| panic!("{name} is missing"));
        match (&setting.default, default) {
            (Fallback::Value(value), Some(expected)) => assert_eq!(*value, expected, "{name}"),
            (Fallback::Derived(_) | Fallback::Nothing(_), None) => {}
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn the_readme_has_this_table() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let (_, rest) =
        readme.split_once(config::BEGIN_MARK).expect("README.md has the mark before the settings");
    let (table, _) = rest.split_once(config::END_MARK).expect("README.md has the mark after the settings");
    assert_eq!(table.trim(), config::settings_table().trim(), "run `just generate`");
}

#[expect(clippy::unwrap_used, reason = "a helper of tests")]
fn settings(pairs: &[(&str, &str)]) -> config::Settings {
    let environment = pairs.iter().map(|(name, value)| (name.into(), value.into()));
    load(ConfigFile::None, environment).unwrap()
}

#[test]
fn what_is_shown_in_force_can_be_given_again() {
    let first = settings(&[
        ("DATA_DIR", "/data"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,192.168.1.7"),
        ("ALLOWED_HOSTS", "HQ.example.com,10.0.0.1"),
        ("ADMIN_URL", "https://hq.example.com/"),
        ("PORTAL_PORT", "3001"),
        ("LOG_FILE_MAX_MB", "7"),
        ("SESSION_IDLE_MINUTES", "30"),
    ]);
    let shown = first.in_force();
    assert_eq!(shown.len(), ALL.len());
    let given: Vec<_> = shown
        .iter()
        .filter(|(name, _)| *name != "DATABASE_URL")
        .filter_map(|(name, value)| Some((*name, value.as_deref()?)))
        .collect();
    assert_eq!(settings(&given).in_force(), shown);
    let value = |wanted: &str| shown.iter().find(|(name, _)| *name == wanted).unwrap().1.as_deref();
    assert_eq!(value("ADMIN_URL"), Some("https://hq.example.com"));
    assert_eq!(value("DATABASE_URL"), Some("sqlite:/data/flowhq.db"));
    assert_eq!((value("SESSIONS_PATH"), value("SMTP_URL")), (Some("/data/sessions"), None));
}

#[test]
fn what_was_changed_is_told_from_what_holds_by_itself() {
    let changed = |settings: &config::Settings, environment: &[(&str, &str)]| {
        let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        config::changed(settings, environment).unwrap()
    };
    let there = settings(&[("DATA_DIR", "/data")]);
    assert_eq!(changed(&there, &[("STATE_DIRECTORY", "/data")]), [""; 0]);
    assert_eq!(
        changed(&there, &[("XDG_DATA_HOME", "/home/juma")]),
        ["DATA_DIR"],
        "it is not where data belongs"
    );
    assert_eq!(changed(&there, &[]), ["DATA_DIR"]);
    let other = settings(&[
        ("DATA_DIR", "/data"),
        ("PORT", "3000"),
        ("LOG_FILE_MAX_MB", "7"),
        ("ADMIN_URL", "https://hq.example.com"),
    ]);
    let by_itself = [("STATE_DIRECTORY", "/data")];
    assert_eq!(changed(&other, &by_itself), ["ADMIN_URL", "LOG_FILE_MAX_MB"]);
}

#[test]
fn no_secret_is_shown() {
    let settings = settings(&[
        ("DATA_DIR", "/data"),
        ("ADMIN_PASSWORD", "hunter2-hunter2"),
        ("PORTAL_INTERNAL_KEY", "hunter2-hunter2-hunter2-hunter2-hunter2"),
        ("DATABASE_URL", "postgres://flow:hunter2@db.example.org/flowhq?password=hunter2"),
    ]);
    let shown: Vec<_> = settings.in_force().into_iter().filter_map(|(_, value)| value).collect();
    assert!(shown.iter().all(|value| !value.contains("hunter2")), "{shown:?}");
    assert!(shown.contains(&"postgres://********@db.example.org/flowhq".to_owned()));
}

proptest! {
    /// Whatever stands in the file or the environment: an answer, never a panic.
    #[test]
    fn nothing_from_outside_panics(file in ".{0,200}", value in ".{0,40}", which in 0..ALL.len()) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f.toml");
        std::fs::write(&path, &file).unwrap();
        let home = || [(OsString::from("HOME"), OsString::from("/home/asha"))];
        let _ = load(ConfigFile::At(&path), home());
        let key = ALL[which].key;
        std::fs::write(&path, format!("{key} = {value}")).unwrap();
        let _ = load(ConfigFile::At(&path), home());
        let named = (OsString::from(ALL[which].name), OsString::from(value));
        let _ = load(ConfigFile::None, home().into_iter().chain([named]));
    }
}
