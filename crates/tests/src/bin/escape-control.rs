//! What a worker, or with `plane` the control plane, must not get, tried by a process of the same user outside: all of it is had
//! there, or the refusals within would mean nothing. Takes the file that says what is attacked.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a tool of a test")]

fn main() {
    use confine::attempts::{Taken, Target, run};

    let file = std::env::args().nth(1).expect("the file that says what is attacked");
    let taken =
        if std::env::args().nth(2).as_deref() == Some("plane") { Taken::Plane } else { Taken::Worker };
    let text = std::fs::read_to_string(file).expect("the file can be read");
    print!("{}", run(taken, &Target::of_text(&text)));
}
