//! What a worker must not get, tried by a process of the same user outside: all of it is had there, or the refusals within would
//! mean nothing. Takes the file that says what is attacked.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a tool of a test")]

fn main() {
    let file = std::env::args().nth(1).expect("the file that says what is attacked");
    let text = std::fs::read_to_string(file).expect("the file can be read");
    print!("{}", confine::attempts::run(&confine::attempts::Target::of_text(&text)));
}
