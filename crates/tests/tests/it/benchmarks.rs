//! docs/benchmarks.md, its plots and the table of README.md say what the record says, and no more.

use std::fs;

use tests::bench::{
    document::{self, PATH, PLOTS_PATH, README},
    figures,
    plot::{PLOTS, svg},
    sheet::Record,
};

const AGAIN: &str = "run `just generate` and commit";

#[test]
fn the_benchmarks_are_what_the_record_says() {
    let record = Record::last().expect("docs/records/bench.json: run `scripts/bench --record` and commit it");
    assert_eq!(fs::read_to_string(PATH).unwrap_or_default(), document::page(&record), "{AGAIN} {PATH}");
    for plot in PLOTS {
        let file = format!("{PLOTS_PATH}/{}.svg", plot.file);
        assert_eq!(fs::read_to_string(&file).unwrap_or_default(), svg(plot, &record), "{AGAIN} {file}");
    }
    let readme = fs::read_to_string(README).unwrap();
    assert!(
        readme.contains(&document::summary(&record)),
        "README.md has not the table of the record: {AGAIN} it"
    );
}

#[test]
fn every_figure_of_the_record_stands_on_the_page() {
    let record = Record::last().expect("docs/records/bench.json");
    let known = |what: &str| figures::ALL.iter().any(|meaning| meaning.name == what);
    let unknown: Vec<_> =
        record.figures.iter().map(|figure| &figure.what).filter(|what| !known(what)).collect();
    assert_eq!(unknown, Vec::<&String>::new(), "figures without a meaning");
}
