//! The admin API against its own document: schemathesis sends what the document allows, and what it does not, to a living
//! control plane, and looks for answers that the document does not have, and for any 5xx.

use http::Method;
use serde_json::json;
use tests::{ControlPlane, Flavour, PASSWORD, Place};
use tokio::process::Command;

/// `scripts/test` installs schemathesis and names it here.
const TOOL: &str = "FLOWHQ_TEST_SCHEMATHESIS";

#[tokio::test]
async fn every_answer_stands_in_the_document_and_none_is_a_fault_of_ours() {
    let Some(tool) = std::env::var_os(TOOL).filter(|tool| tool != "off") else {
        assert!(std::env::var_os("CI").is_none(), "{TOOL} names no schemathesis; scripts/test installs it");
        eprintln!("{TOOL} is not set: the API was NOT held against its document");
        return;
    };
    // A portal that runs alone may ask: without a key every one of its paths is told to be unavailable.
    let place = Place::new().with("PORTAL_INTERNAL_KEY", "a key of thirty-two characters!!");
    let plane = ControlPlane::start(&place, Flavour::Default, "ws://127.0.0.1:9/ws/chat").await;
    plane.admin().ok(Method::POST, "/admin/tenants", Some(&json!({ "name": "Saluni ya Amina" }))).await;
    let document = plane.admin().ok(Method::GET, "/admin/openapi.json", None).await;
    let file = place.beside("openapi.json");
    std::fs::write(&file, document.to_string()).unwrap();
    // Credentials in a file of the test's own, so that they are no argument that every user of the machine can read.
    let configuration = place.beside("schemathesis.toml");
    std::fs::write(
        &configuration,
        format!("[auth]\nbasic = {{ username = \"admin\", password = \"{PASSWORD}\" }}\n"),
    )
    .unwrap();
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    let output = Command::new(tool)
        .arg("--config-file")
        .arg(&configuration)
        .arg("run")
        .arg(&file)
        .args(["--url", plane.url(), "--checks", checks, "--phases", "examples,coverage,fuzzing"])
        // Streams never end, and what signs in answers wrong passwords late on purpose.
        .args([
            "--exclude-path-regex",
            "stream$|sign-in|account/password",
            "--max-examples",
            "8",
            "--seed",
            "7",
        ])
        // One worker: with two, Python's own compiler now and then fails on its recursion depth, which threads share.
        .args(["--request-timeout", "20", "--workers", "1", "--no-color", "--generation-database", "none"])
        .current_dir(place.path())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("passed"), "it has tested something: {said}");
}
