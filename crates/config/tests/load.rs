//! What the settings promise: sources, precedence, and messages that name the setting.
#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

use std::{ffi::OsString, fs, path::Path, time::Duration};

use config::{ConfigError, ConfigFile, DatabaseUrl, ExposeSecret, LogLevel, Settings, load};
use tempfile::TempDir;

fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// Loads with a home directory and these variables, without a file.
fn with(pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let mut all = environment(&[("HOME", "/home/asha")]);
    all.extend(environment(pairs));
    load(ConfigFile::None, all)
}

fn with_file(text: &str) -> Result<Settings, String> {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("flowhq.toml");
    fs::write(&file, text).unwrap();
    load(ConfigFile::At(&file), environment(&[("HOME", "/home/asha")]))
        .map_err(|error| error.to_string().replace(&format!("{}/", dir.path().display()), ""))
}

#[test]
fn with_nothing_set_everything_has_its_default() {
    let settings = with(&[]).unwrap();
    assert_eq!(settings.server.port, 3000);
    assert_eq!(settings.server.bind.to_string(), "127.0.0.1");
    assert!(settings.admin.password.is_none());
    assert_eq!(settings.portal.port, 3001);
    let away = Duration::from_secs(domain::limits::DISCONNECTED_MINUTES * 60);
    assert_eq!(settings.alerts.disconnected, away, "one number");
    assert_eq!(settings.paths.data_dir, Path::new("/home/asha/.local/share/flowhq"));
    assert_eq!(settings.paths.sessions, Path::new("/home/asha/.local/share/flowhq/sessions"));
    assert_eq!(settings.paths.logs, Path::new("/home/asha/.local/share/flowhq/logs"));
    assert!(matches!(settings.database.url, DatabaseUrl::Sqlite(file) if file.ends_with("flowhq/flowhq.db")));
    assert_eq!(settings.logs.level, LogLevel::Info);
    assert_eq!(settings.bots.contact_per_minute, 10);
    assert_eq!(settings.workers.heartbeat_interval, Duration::from_secs(30));
    assert_eq!(settings.workers.stale_threshold, Duration::from_mins(2));
    assert_eq!(settings.workers.stale_check_interval, Duration::from_mins(1));
    assert_eq!(settings.whatsapp.url, None);
}

#[test]
fn the_data_directory_follows_systemd_then_xdg_then_home() {
    let dir = |pairs: &[(&str, &str)]| with(pairs).unwrap().paths.data_dir;
    assert_eq!(dir(&[("XDG_DATA_HOME", "/data")]), Path::new("/data/flowhq"));
    assert_eq!(dir(&[("XDG_DATA_HOME", "not/absolute")]), Path::new("/home/asha/.local/share/flowhq"));
    assert_eq!(
        dir(&[("XDG_DATA_HOME", "/data"), ("STATE_DIRECTORY", "/var/lib/flowhq:/var/lib/other")]),
        Path::new("/var/lib/flowhq")
    );
    assert_eq!(
        dir(&[("STATE_DIRECTORY", "/var/lib/flowhq"), ("DATA_DIR", "/srv/bots")]),
        Path::new("/srv/bots")
    );
    let homeless = load(ConfigFile::None, environment(&[])).unwrap_err().to_string();
    assert!(homeless.contains("DATA_DIR is not set"), "{homeless}");
}

#[test]
fn relative_paths_become_absolute() {
    let settings = with(&[("DATA_DIR", "bots"), ("DATABASE_URL", "sqlite:my.db")]).unwrap();
    assert!(settings.paths.sessions.is_absolute());
    assert!(settings.paths.sessions.ends_with("bots/sessions"));
    assert!(matches!(settings.database.url, DatabaseUrl::Sqlite(file) if file.is_absolute()));
}

#[test]
fn the_file_wins_over_defaults_and_the_environment_over_the_file() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("any.toml");
    fs::write(&file, "[server]\nport = 4000\nbind = \"::\"\n[bots]\nchat_queue_max = 7\n").unwrap();
    let env = environment(&[("HOME", "/home/asha"), ("PORT", " 5000 "), ("BIND", "")]);
    let settings = load(ConfigFile::At(&file), env).unwrap();
    assert_eq!(settings.server.port, 5000);
    assert_eq!(settings.server.bind.to_string(), "::", "an empty variable counts as not set");
    assert_eq!(settings.bots.chat_queue, 7);
}

#[test]
fn the_file_is_found_where_it_belongs() {
    let dir = TempDir::new().unwrap();
    let home = dir.path().to_str().unwrap();
    fs::create_dir_all(dir.path().join(".config/flowhq")).unwrap();
    fs::write(dir.path().join(".config/flowhq/flowhq.toml"), "server.port = 4001").unwrap();
    assert_eq!(load(ConfigFile::Search, environment(&[("HOME", home)])).unwrap().server.port, 4001);
    assert_eq!(load(ConfigFile::None, environment(&[("HOME", home)])).unwrap().server.port, 3000);

    let named = dir.path().join("named.toml");
    let env = || environment(&[("HOME", home), ("FLOWHQ_CONFIG", named.to_str().unwrap())]);
    let missing = load(ConfigFile::Search, env()).unwrap_err().to_string();
    assert!(missing.contains("FLOWHQ_CONFIG") && missing.contains("named.toml"), "{missing}");
    fs::write(&named, "server.port = 4002").unwrap();
    assert_eq!(load(ConfigFile::Search, env()).unwrap().server.port, 4002);
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_one_that_was_meant() {
    let said = |text: &str| with_file(text).unwrap_err();
    assert_eq!(
        said("[server]\nbind = \"127.0.0.1\"\nprot = 3000\n"),
        "flowhq.toml:3: \"server.prot\" is no setting; did you mean \"server.port\"?"
    );
    assert_eq!(said("PORT = 3000"), "flowhq.toml:1: \"PORT\" is no setting; did you mean \"server.port\"?");
    assert_eq!(
        said("[server]\nheartbeat_interval_ms = 1"),
        "flowhq.toml:2: \"server.heartbeat_interval_ms\" is no setting; did you mean \"workers.heartbeat_interval_ms\"?"
    );
    assert_eq!(said("\n[kitchen]\nsink = 1"), "flowhq.toml:2: \"kitchen\" is no setting");
    assert_eq!(
        said("[server.port]\nx = 1"),
        "flowhq.toml:1: server.port takes a whole number from 0 to 65535, got a value of type table"
    );
}

#[test]
fn a_wrong_type_or_range_in_the_file_says_what_it_got_and_what_it_takes() {
    let said = |text: &str| with_file(text).unwrap_err();
    assert_eq!(
        said("[server]\nport = \"3000\""),
        "flowhq.toml:2: server.port takes a whole number from 0 to 65535, got the string \"3000\""
    );
    assert_eq!(
        said("[server]\nport = 65536"),
        "flowhq.toml:2: server.port takes a whole number from 0 to 65535, got \"65536\""
    );
    assert_eq!(
        said("bots.rate_limit_max_per_minute = -1"),
        "flowhq.toml:1: bots.rate_limit_max_per_minute takes a whole number from 1 to 10000, got \"-1\""
    );
    assert_eq!(
        said("logs.level = true"),
        "flowhq.toml:1: logs.level takes a string: one of error, warn, info, debug, trace, got the boolean true"
    );
    assert_eq!(
        said("logs.level = \"loud\""),
        "flowhq.toml:1: logs.level takes one of error, warn, info, debug, trace, got \"loud\""
    );
    assert!(said("server.trusted_proxies = \"10.0.0.1\"").contains("takes an array of strings"));
    assert!(said("server.trusted_proxies = [\"10.0.0.1\", \"x\"]").contains("got \"10.0.0.1,x\""));
    assert!(said("[server\nport = 1").starts_with("flowhq.toml:1: "));
    assert!(said("[server]\nport = 1\nport = 2").starts_with("flowhq.toml:3: "));
}

#[test]
fn a_wrong_variable_is_named() {
    let said = |name: &str, value: &str| with(&[(name, value)]).unwrap_err().to_string();
    assert_eq!(
        said("PORT", "http"),
        "environment variable PORT takes a whole number from 0 to 65535, got \"http\""
    );
    assert_eq!(
        said("PORT", "+80"),
        "environment variable PORT takes a whole number from 0 to 65535, got \"+80\""
    );
    assert!(said("HEARTBEAT_INTERVAL_MS", "99999999999999999999999").contains("HEARTBEAT_INTERVAL_MS"));
    for (name, value) in [
        ("BIND", "localhost"),
        ("ADMIN_URL", "example.com"),
        ("ADMIN_URL", "https://user:pass@example.com"),
        ("ADMIN_URL", "https://example.com/?x=1"),
        ("PORTAL_URL", "ftp://example.com"),
        ("WHATSAPP_URL", "https://example.com"),
        ("LOG_LEVEL", "INFO "),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("ALLOWED_HOSTS", "https://hq.example.com"),
        ("ALLOWED_HOSTS", "hq.example.com:3000"),
        ("STALE_THRESHOLD_MINUTES", "0"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite::memory:"),
    ] {
        let text = said(name, value);
        assert!(text.starts_with(&format!("environment variable {name} takes ")), "{text}");
    }
}

#[test]
fn good_values_of_each_kind_are_taken() {
    let settings = with(&[
        ("ADMIN_URL", "https://hq.example.com/"),
        ("WHATSAPP_URL", "ws://127.0.0.1:4567/ws/chat"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("ALLOWED_HOSTS", "HQ.example.com, [fd00::1]"),
        ("DATABASE_URL", "postgres://hq:pa55@db/flowhq"),
        ("DATABASE_MIGRATE_URL", "postgres://owner:pa55@db/flowhq"),
        ("PORTAL_PORT", "3001"),
        ("LOG_LEVEL", "debug"),
    ])
    .unwrap();
    assert_eq!(settings.server.admin_url.as_deref(), Some("https://hq.example.com"));
    assert_eq!(settings.server.trusted_proxies.len(), 2);
    assert_eq!(settings.server.allowed_hosts, ["hq.example.com", "fd00::1"]);
    assert!(matches!(settings.database.url, DatabaseUrl::Postgres(_)));
    assert_eq!(settings.portal.port, 3001);
    let away = Duration::from_secs(domain::limits::DISCONNECTED_MINUTES * 60);
    assert_eq!(settings.alerts.disconnected, away, "one number");
}

#[test]
fn a_secret_can_come_from_a_file_without_its_last_newline() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("password");
    let path = file.to_str().unwrap();
    fs::write(&file, " correct horse \n").unwrap();
    let settings = with(&[("ADMIN_PASSWORD_FILE", path)]).unwrap();
    assert_eq!(settings.admin.password.unwrap().expose_secret(), " correct horse ");

    let twice = with(&[("ADMIN_PASSWORD_FILE", path), ("ADMIN_PASSWORD", "battery staple")]).unwrap_err();
    assert_eq!(twice.to_string(), "ADMIN_PASSWORD and ADMIN_PASSWORD_FILE are both set: remove one of them");

    let missing = with(&[("PORTAL_INTERNAL_KEY_FILE", "/nowhere/key")]).unwrap_err().to_string();
    assert!(
        missing.starts_with("/nowhere/key cannot be read (named by PORTAL_INTERNAL_KEY_FILE)"),
        "{missing}"
    );

    fs::write(&file, "short\n").unwrap();
    let short = with(&[("ADMIN_PASSWORD_FILE", path)]).unwrap_err().to_string();
    assert!(short.contains("named by ADMIN_PASSWORD_FILE") && short.contains("got 5 characters"), "{short}");
    assert!(!short.contains("short"), "{short}");

    let no_secret = with(&[("PORT_FILE", "/nowhere/port")]).unwrap();
    assert_eq!(no_secret.server.port, 3000, "only secrets are read from files");
}

#[test]
fn no_secret_is_ever_shown() {
    let secret = "hunter2hunter2hunter2hunter2hunter2";
    let url = format!("postgres://hq:{secret}@db/flowhq");
    let settings = with(&[
        ("ADMIN_PASSWORD", secret),
        ("PORTAL_INTERNAL_KEY", secret),
        ("DATABASE_URL", &url),
        ("DATABASE_MIGRATE_URL", &url),
    ])
    .unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));

    let bad_url = format!("mysql://hq:{secret}@db/flowhq");
    for (name, value) in
        [("ADMIN_PASSWORD", "hunter2"), ("DATABASE_URL", &bad_url), ("PORTAL_INTERNAL_KEY", "hunter2")]
    {
        let error = with(&[(name, value)]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    for text in [
        "admin.password = \"hunter2\"",
        "admin.password = [\"hunter2\"]",
        "database.url = \"hunter2\"",
        "admin.password = hunter2",
    ] {
        let error = with_file(text).unwrap_err();
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn settings_that_contradict_each_other_are_named() {
    let said = |pairs: &[(&str, &str)]| with(pairs).unwrap_err().to_string();
    let stale = said(&[("STALE_THRESHOLD_MINUTES", "1"), ("HEARTBEAT_INTERVAL_MS", "60000")]);
    assert!(stale.contains("STALE_THRESHOLD_MINUTES (1 min)") && stale.contains("60000 ms"), "{stale}");
    assert!(said(&[("PORT", "80"), ("PORTAL_PORT", "80")]).contains("PORT and PORTAL_PORT are both 80"));
    assert!(said(&[("DATABASE_MIGRATE_URL", "postgres://x@y/z")]).contains("DATABASE_MIGRATE_URL"));
}

#[test]
fn a_name_that_is_no_utf8_is_refused_and_a_path_that_is_long_is_cut() {
    use std::os::unix::ffi::OsStringExt;
    let bad = OsString::from_vec(vec![b'3', 0xff]);
    let mut env = environment(&[("HOME", "/home/asha")]);
    env.push(("PORT".into(), bad));
    assert!(load(ConfigFile::None, env).unwrap_err().to_string().contains("environment variable PORT takes"));
    let long = with(&[("LOG_LEVEL", &"x".repeat(5000))]).unwrap_err().to_string();
    assert!(long.len() < 200, "{long}");
}

#[test]
fn every_secret_comes_from_a_credential_of_its_name_and_the_environment_wins() {
    let folder = TempDir::new().unwrap();
    let directory = folder.path().to_str().unwrap();
    for setting in config::ALL.iter().filter(|setting| setting.secret) {
        let value = match setting.takes {
            config::Takes::Database => "postgres://asha:secret@db/flowhq".to_owned(),
            _ => "5a".repeat(32),
        };
        let lower = setting.name.to_ascii_lowercase();
        for name in [lower.clone(), lower.replace('_', ".")] {
            let file = folder.path().join(&name);
            fs::write(&file, format!("{value}\n")).unwrap();
            let shown = |more: &[(&str, &str)]| {
                let mut all = vec![("CREDENTIALS_DIRECTORY", directory)];
                all.extend(more);
                with(&all).map(|settings| {
                    settings.in_force().into_iter().find(|(name, _)| *name == setting.name).unwrap().1
                })
            };
            match shown(&[]) {
                Ok(shown) => assert!(shown.is_some_and(|shown| shown.contains("****")), "{name}"),
                // It was read, and does not go alone.
                Err(error) => assert!(error.to_string().contains(setting.name), "{name}: {error}"),
            }
            fs::write(&file, "").unwrap();
            let refused = shown(&[]).unwrap_err().to_string();
            assert!(refused.contains(&format!("the credential for {}", setting.name)), "{refused}");
            if !matches!(setting.takes, config::Takes::Database) {
                // What the environment says stands in the place of the credential.
                let refused = shown(&[(setting.name, &value)])
                    .map_or_else(|error| error.to_string(), |_| String::new());
                assert!(!refused.contains("credential"), "{refused}");
            }
            fs::remove_file(&file).unwrap();
        }
    }
    // What is no secret is no credential.
    fs::write(folder.path().join("port"), "4000").unwrap();
    assert_eq!(with(&[("CREDENTIALS_DIRECTORY", directory)]).unwrap().server.port, 3000);
}

#[test]
fn the_master_key_is_said_once() {
    let key = "5a".repeat(32);
    let said = with(&[("MASTER_KEY", &key), ("MASTER_KEY_COMMAND", "cat key")]).unwrap_err().to_string();
    assert!(said.contains("MASTER_KEY and MASTER_KEY_COMMAND"), "{said}");
    assert!(with(&[]).unwrap().database.master_key_is_file());
    assert!(!with(&[("MASTER_KEY_COMMAND", "cat key")]).unwrap().database.master_key_is_file());
}
