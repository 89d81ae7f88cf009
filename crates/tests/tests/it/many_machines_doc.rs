//! docs/many-machines.md shows the figures of the record, as long as they are of this code.

use tests::many_machines::{PATH, Record, page};

#[test]
fn the_table_of_faults_is_of_the_record_and_of_this_code_or_says_that_it_is_pending() {
    let written = std::fs::read_to_string(PATH).unwrap();
    let record = Record::last().unwrap();
    if record.as_ref().is_some_and(|record| !record.is_known()) {
        eprintln!("the history of this tree is not here: whether the record is of this code cannot be told");
        return;
    }
    assert!(
        written == page(&written, record.as_ref()).unwrap(),
        "run `just generate`: docs/many-machines.md does not say what docs/records/kubernetes.json is worth now"
    );
}
