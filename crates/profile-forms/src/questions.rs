//! What customers ask, and what the bot says.

use replies::{Profile, Question, Text};
use web::{Problem, ui::Input};

use super::{
    edit_entry,
    fields::{Entry, Form, Spec, both, joined, list, said, text},
    gone,
};

const QUESTION: (&str, &str) = ("question_sw", "question_en");
const ANSWER: (&str, &str) = ("answer_sw", "answer_en");

fn blank() -> Question {
    Question { question: Text::default(), words: Vec::new(), answer: Text::default() }
}

/// A question has no code: it is named by its number, from 1.
pub(super) fn place(profile: &Profile, at: &str) -> Option<usize> {
    let place = at.parse::<usize>().ok()?.checked_sub(1)?;
    (place < profile.questions.len()).then_some(place)
}

pub(super) fn entries(profile: &Profile) -> Vec<Entry> {
    let entry = |(number, question): (usize, &Question)| Entry {
        at: number.to_string(),
        name: said(&question.question),
        cells: vec![(words::profile::answer(), said(&question.answer))],
        off: false,
    };
    (1..).zip(&profile.questions).map(entry).collect()
}

pub(super) fn specs(profile: &Profile, at: Option<&str>) -> Vec<Spec> {
    use words::editing as say;
    let stands = at.and_then(|at| place(profile, at)).and_then(|place| profile.questions.get(place));
    let question = stands.cloned().unwrap_or_else(blank);
    let asked = (say::question_sw(), say::question_en());
    let [sw, en] = both(QUESTION, asked, &Input::TEXT, &question.question);
    let answers = both(ANSWER, (say::answer_sw(), say::answer_en()), &Input::Area, &question.answer);
    let mut specs = vec![sw.hint(say::one_enough()), en];
    specs.extend(answers);
    specs.push(Spec::line("words", say::words(), joined(&question.words)).hint(say::list_hint()));
    specs
}

pub(super) fn edit(
    profile: &mut Profile,
    at: Option<&str>,
    remove: bool,
    form: &Form,
) -> Result<(), Problem> {
    let place = at.map(|at| place(profile, at).ok_or_else(gone)).transpose()?;
    edit_entry(&mut profile.questions, place, remove, blank, |question| {
        text(form, QUESTION, &mut question.question);
        text(form, ANSWER, &mut question.answer);
        // A browser ends a line with two characters.
        for said in [&mut question.answer.sw, &mut question.answer.en].into_iter().flatten() {
            *said = said.replace("\r\n", "\n");
        }
        list(form, "words", &mut question.words);
        Ok(())
    })
}
