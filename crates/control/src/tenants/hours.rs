//! Opening hours as a person types them: `09:00-13:00, 14:00-18:00`, one line a day.

use domain::Hours;
use web::Problem;

/// Days from Monday, as the forms name them.
pub(crate) fn days() -> [&'static str; 7] {
    use words::forms::{friday, monday, saturday, sunday, thursday, tuesday, wednesday};
    [monday(), tuesday(), wednesday(), thursday(), friday(), saturday(), sunday()]
}
/// The fields of the form.
pub(crate) const FIELDS: [&str; 7] =
    ["hours_0", "hours_1", "hours_2", "hours_3", "hours_4", "hours_5", "hours_6"];

/// Reads seven lines; seven empty ones are no hours at all.
pub(crate) fn read(lines: [&str; 7]) -> Result<Option<Hours>, Problem> {
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Ok(None);
    }
    let mut days: [Vec<(u16, u16)>; 7] = Default::default();
    for ((day, line), field) in days.iter_mut().zip(lines).zip(FIELDS) {
        for span in line.split(',').map(str::trim).filter(|span| !span.is_empty()) {
            let read = span.split_once(['-', '–']).and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
            let span = read
                .filter(|(from, to)| from < to)
                .ok_or_else(|| Problem::invalid_field(field, words::forms::hours_wrong()))?;
            day.push(span);
        }
        if day.windows(2).any(|pair| pair[0].1 >= pair[1].0) {
            return Err(Problem::invalid_field(field, words::forms::hours_order()));
        }
    }
    Ok(Some(Hours(days)))
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '.'])?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && (hour < 24 || minute == 0)).then_some(hour * 60 + minute)
}

/// Writes one day.
pub(crate) fn line(hours: Option<&Hours>, day: usize) -> String {
    let spans = hours.and_then(|hours| hours.0.get(day)).map(Vec::as_slice).unwrap_or_default();
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    spans.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_they_are_written() {
        let typed = ["09:00-13:00, 14:00-18:00", "", "8.30 – 24:00", "", "", "", ""];
        let read_ = read(typed).unwrap().unwrap();
        assert_eq!(read_.0[0], [(540, 780), (840, 1080)]);
        assert_eq!(read_.0[2], [(510, 1440)]);
        assert_eq!(line(Some(&read_), 0), "09:00-13:00, 14:00-18:00");
        assert_eq!(line(None, 0), "");
        assert_eq!(read([""; 7]).unwrap(), None);
    }

    #[test]
    fn what_is_no_time_names_its_day() {
        for wrong in
            ["9", "09:00", "18:00-09:00", "09:00-25:00", "09:61-10:00", "09:00-12:00, 11:00-13:00", "a-b"]
        {
            let mut lines = [""; 7];
            lines[3] = wrong;
            assert_eq!(read(lines).unwrap_err().field(), Some("hours_3"), "{wrong}");
        }
    }
}
