//! Writes docs/benchmarks.md, its plots and the table of README.md from the record. Run by `scripts/bench --record` and
//! `just generate`.

use std::fs;

use tests::bench::{
    document::{self, PATH, PLOTS_PATH, README},
    plot::{PLOTS, svg},
    sheet::Record,
};

fn main() -> std::io::Result<()> {
    let Some(record) = Record::last() else {
        return Err(std::io::Error::other("there is no record: run `scripts/bench --record`"));
    };
    fs::write(PATH, document::page(&record))?;
    fs::create_dir_all(PLOTS_PATH)?;
    for plot in PLOTS {
        fs::write(format!("{PLOTS_PATH}/{}.svg", plot.file), svg(plot, &record))?;
    }
    fs::write(README, document::readme(&fs::read_to_string(README)?, &record))
}
