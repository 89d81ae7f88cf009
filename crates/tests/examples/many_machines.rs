//! Writes the table of faults into docs/many-machines.md. Run by `just generate` and `scripts/test-kubernetes --record`.

use tests::many_machines::{PATH, Record, page};

fn main() -> std::io::Result<()> {
    let record = Record::last().map_err(std::io::Error::other)?;
    let text = page(&std::fs::read_to_string(PATH)?, record.as_ref()).map_err(std::io::Error::other)?;
    std::fs::write(PATH, text)
}
