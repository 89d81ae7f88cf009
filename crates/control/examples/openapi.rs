//! Prints the OpenAPI document, as `docs/openapi.json` has it.
#![expect(clippy::print_stdout, reason = "this is its output")]

fn main() {
    println!("{:#}", control::openapi_document());
}
