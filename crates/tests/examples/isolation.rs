//! Writes docs/isolation.md. Run by `just generate`.

fn main() -> std::io::Result<()> {
    std::fs::write(tests::isolation::PATH, tests::isolation::document())
}
