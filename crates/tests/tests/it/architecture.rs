//! ARCHITECTURE.md says what is there, and dependencies point where it says.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The package of each crate's folder that has another name.
const NAMED_OTHERWISE: &[(&str, &str)] = &[("cli", "flowhq")];

/// Who must not depend on whom, dev-dependencies included; see ARCHITECTURE.md.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "confine",
        &["link", "worker", "supervisor", "whatsapp", "store", "control", "web", "config", "api", "crash"],
    ),
    (
        "backup",
        &["domain", "store", "config", "control", "web", "link", "supervisor", "worker", "whatsapp", "api"],
    ),
    ("claim", &["store", "accounts", "config", "control", "web", "api", "words", "portal", "oidc"]),
    ("mail", &["store", "accounts", "config", "control", "web", "api", "words", "portal", "alerts"]),
    (
        "vault",
        &["domain", "store", "seal", "config", "control", "web", "link", "supervisor", "worker", "whatsapp"],
    ),
    ("seal", &["domain", "store", "accounts", "config", "control", "web", "link", "supervisor", "worker"]),
    ("oidc", &["store", "accounts", "config", "control", "web", "api", "words", "portal", "claim"]),
    ("profile-forms", &["store", "accounts", "config", "control", "api", "portal", "link", "supervisor"]),
    ("worker", &["whatsapp", "store", "supervisor", "control", "web", "config", "virtual-whatsapp"]),
    ("host", &["worker", "whatsapp", "store", "control", "web", "config", "api", "portal"]),
    ("supervisor", &["worker", "whatsapp", "control", "web", "virtual-whatsapp"]),
    ("link", &["store", "supervisor", "worker", "whatsapp", "control", "web", "replies"]),
    ("replies", &["link", "store", "supervisor", "worker", "whatsapp", "control", "web", "config"]),
    ("store", &["supervisor", "worker", "whatsapp", "control", "web", "link", "replies"]),
    ("control", &["worker", "whatsapp", "portal", "virtual-whatsapp"]),
    (
        "portal",
        &[
            "control",
            "accounts",
            "store",
            "supervisor",
            "worker",
            "whatsapp",
            "config",
            "link",
            "virtual-whatsapp",
        ],
    ),
    ("accounts", &["control", "supervisor", "worker", "whatsapp", "config", "link", "replies", "api"]),
    ("alerts", &["control", "web", "worker", "whatsapp", "config", "link", "replies"]),
    (
        "api",
        &[
            "control",
            "alerts",
            "store",
            "supervisor",
            "worker",
            "whatsapp",
            "web",
            "config",
            "link",
            "replies",
        ],
    ),
    (
        "reference",
        &["control", "api", "store", "supervisor", "worker", "whatsapp", "config", "link", "replies"],
    ),
    ("web", &["control", "reference", "store", "supervisor", "worker", "whatsapp"]),
    (
        "words",
        &["control", "web", "api", "store", "supervisor", "worker", "whatsapp", "config", "link", "replies"],
    ),
    ("whatsapp", &["store", "supervisor", "control", "web", "config"]),
    (
        "virtual-whatsapp",
        &["worker", "store", "supervisor", "control", "link", "domain", "web", "config", "replies"],
    ),
];

fn folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir(Path::new(ROOT).join("crates")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Each package of the workspace with the names of those of ours it depends on, in any way.
fn packages() -> Vec<(String, BTreeSet<String>)> {
    packages_with(|_| true)
}

/// The same without those that only its tests use.
fn packages_as_built() -> Vec<(String, BTreeSet<String>)> {
    packages_with(|dependency| dependency["kind"] != "dev")
}

fn packages_with(counts: fn(&Value) -> bool) -> Vec<(String, BTreeSet<String>)> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter().map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        // Ours are those by path.
        let ours = dependencies.filter(|dependency| dependency["path"].is_string() && counts(dependency));
        (text(&package["name"]), ours.map(|dependency| text(&dependency["name"])).collect())
    });
    packages.collect()
}

#[test]
fn the_table_of_crates_lists_exactly_the_folders() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap();
    let (_, section) = text.split_once("## Crates").expect("ARCHITECTURE.md has a section Crates");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let listed: Vec<String> = rows.map(ToOwned::to_owned).collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), folders());
    assert!(listed.is_sorted(), "in the order of the alphabet: {listed:?}");
}

#[test]
fn a_folder_has_the_name_of_its_package() {
    let packages: BTreeSet<String> = packages().into_iter().map(|(name, _)| name).collect();
    let named = |folder: &String| {
        let other = NAMED_OTHERWISE.iter().find(|(name, _)| name == folder);
        other.map_or_else(|| folder.clone(), |(_, package)| (*package).to_owned())
    };
    assert_eq!(packages, folders().iter().map(named).collect());
}

#[test]
fn dependencies_point_downwards_only() {
    let packages = packages();
    let of = |name: &str| &packages.iter().find(|(package, _)| package == name).unwrap().1;
    for lowest in ["domain", "crash", "faults", "http-kit", "memory", "zygote"] {
        assert!(of(lowest).is_empty(), "{lowest} knows nothing of ours: {:?}", of(lowest));
    }
    for (package, forbidden) in FORBIDDEN {
        let wrong: Vec<_> = forbidden.iter().filter(|other| of(package).contains(**other)).collect();
        assert!(wrong.is_empty(), "{package} must not depend on {wrong:?}");
    }
    for (package, dependencies) in &packages_as_built() {
        assert!(!dependencies.contains("flowhq"), "{package} depends on the binary");
        let may_simulate = ["flowhq", "tests", "virtual-whatsapp"].contains(&package.as_str());
        assert!(
            may_simulate || !dependencies.contains("virtual-whatsapp"),
            "{package} depends on virtual-whatsapp"
        );
        let may_fail = ["flowhq", "tests"].contains(&package.as_str());
        assert!(
            may_fail || !dependencies.contains("faults"),
            "{package} depends on faults outside its tests"
        );
        // Its tests take the guard of `whatsapp` with the bypass that their client needs.
        let may_connect = package != "virtual-whatsapp";
        assert!(may_connect || !dependencies.contains("whatsapp"), "{package} depends on whatsapp");
    }
}
