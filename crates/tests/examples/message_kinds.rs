//! Writes docs/message-kinds.md, from a run of a real worker. Run by `just generate`.

#[tokio::main]
async fn main() -> std::io::Result<()> {
    std::fs::write(tests::kinds::PATH, tests::kinds::document().await)
}
