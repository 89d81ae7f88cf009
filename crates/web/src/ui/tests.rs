//! Every block with samples: nothing that a person typed becomes HTML, and what is opened is closed.

use domain::Timestamp;

use super::*;

const TYPED: &str = "<script>alert('x')</script> & \"co\"";

fn samples() -> Vec<(&'static str, Html)> {
    let typed = || TYPED.to_owned();
    let link = || Some((format!("/x?q={TYPED}"), typed()));
    let steps = Steps { steps: vec![(typed(), true), ("Scan the code".to_owned(), false)] };
    let line = |out: bool, silence| Bubble {
        id: "1".to_owned(),
        day: (!out).then(typed),
        out,
        text: typed(),
        at: "2026-01-10T12:00:00Z".to_owned(),
        clock: "15:00".to_owned(),
        silence,
        who: out.then(typed),
        place: out.then(typed),
        found: out,
        tick: out.then(|| Tick::new(domain::Delivery::Failed, Some(TYPED))),
    };
    let field = |input, error: Option<String>| {
        Html::of(&Field {
            name: "name",
            label: "Name",
            hint: "An example",
            value: typed(),
            error,
            input,
            required: false,
            form: None,
        })
    };
    let column =
        Column { label: "Name", sort: Some(typed()), order: Some(Order::Ascending), ..Column::default() };
    let hidden = Column { label: "Actions", hidden: true, numeric: true, ..Column::default() };
    let cells = [None, Some(Tone::Ok), Some(Tone::Ok), Some(Tone::Bad), Some(Tone::Warn), Some(Tone::Off)];
    let at: Timestamp = "2026-01-10T12:00:00Z".parse().unwrap();
    let now: Timestamp = "2026-01-10T12:00:12Z".parse().unwrap();
    vec![
        ("pill", Html::of(&Pill { tone: Tone::Ok, word: typed() })),
        ("tile", Html::of(&Tile { tone: Tone::Bad, count: 3, label: "Error", href: typed(), current: true })),
        ("strip", Html::of(&Strip::new(&cells, typed()))),
        ("spark", Html::of(&Spark::new(&[1, 9, 0, 4], typed()))),
        ("line", field(Input::TEXT, Some(typed()))),
        ("area", field(Input::Area, None)),
        (
            "choice",
            field(Input::Choice(vec![(typed(), typed()), ("EN".to_owned(), "English".to_owned())]), None),
        ),
        (
            "banner",
            Html::of(&Banner { tone: Tone::Bad, icon: "alert", title: typed(), text: typed(), link: link() }),
        ),
        ("toast", Html::of(&Toast { tone: Tone::Ok, text: typed() })),
        ("dialog", Html::of(&Dialog { id: "d".to_owned(), title: typed(), body: Html::default() })),
        ("empty", Html::of(&Empty { icon: "users", title: typed(), text: typed(), link: link() })),
        ("pager", Html::of(&Pager { shown: typed(), first: Some(typed()), next: Some(typed()) })),
        ("columns", Html::of(&Columns { columns: vec![column, hidden] })),
        ("steps", Html::of(&steps)),
        (
            "qr",
            Html::of(&QrPanel {
                code: Html::drawing("<svg></svg>".to_owned()),
                expires: typed(),
                left: typed(),
                steps: steps.clone(),
                other: Html::default(),
            }),
        ),
        (
            "pairing code",
            Html::of(&PairingPanel {
                code: typed(),
                expires: typed(),
                left: typed(),
                steps,
                other: Html::default(),
            }),
        ),
        ("chat", Html::of(&Chat { lines: vec![line(false, Some(typed())), line(true, None)] })),
        ("moment", Html::of(&ago(at, now, "Africa/Dar_es_Salaam"))),
    ]
}

#[test]
fn nothing_that_was_typed_becomes_html() {
    for (name, html) in samples() {
        let text = html.as_str();
        assert!(!text.is_empty(), "{name}");
        assert!(!text.contains("<script") && !text.contains("& \"co\""), "{name}: {text}");
    }
}

#[test]
fn blocks_close_what_they_open_and_hold_no_script_or_style() {
    for (name, html) in samples() {
        balanced(name, html.as_str());
        for inline in [" style=", " onclick=", "javascript:"] {
            assert!(!html.as_str().contains(inline), "{name} has {inline}");
        }
    }
}

/// Compares the tags that open with those that close.
fn balanced(name: &str, html: &str) {
    const VOID: [&str; 4] = ["input", "meta", "link", "img"];
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}: {html}");
        } else if !tag.ends_with('/') && !tag.starts_with('!') {
            let word = tag.split([' ', '\n']).next().unwrap();
            if !VOID.contains(&word) {
                open.push(word);
            }
        }
    }
    assert!(open.is_empty(), "{name}: {open:?} stay open: {html}");
}

#[test]
fn neighbouring_cells_that_are_alike_are_one_bar() {
    let cells = [Some(Tone::Ok); 288];
    let strip = Strip::new(&cells, "Answering all day".to_owned());
    assert_eq!(Html::of(&strip).as_str().matches("<rect").count(), 1);
}

#[test]
fn a_short_outage_and_a_bot_that_just_began_can_be_seen() {
    let mut cells = [Some(Tone::Ok); 288];
    cells[287] = Some(Tone::Bad);
    let html = Html::of(&Strip::new(&cells, String::new()));
    let bars: Vec<_> = html.as_str().split("<rect").skip(1).collect();
    assert!(bars[0].contains("width=\"287\""), "{html:?}");
    assert!(bars[1].contains("x=\"284\" width=\"4\""), "the outage lies above and within: {html:?}");
    assert_eq!(Html::of(&Strip::new(&[Some(Tone::Ok)], String::new())).as_str().matches("<rect").count(), 1);
}

#[test]
fn times_are_told_in_their_largest_unit() {
    let told: Vec<String> = [5, 61, 7_200, 200_000].into_iter().map(span).collect();
    assert_eq!(told, ["5 s", "1 min", "2 h", "2 d"]);
    let at: Timestamp = "2026-01-10T12:00:00Z".parse().unwrap();
    assert_eq!(exact(at, "Africa/Dar_es_Salaam"), "2026-01-10 15:00:00 Africa/Dar_es_Salaam");
    assert_eq!(exact(at, "Nowhere/At_all"), "2026-01-10 12:00:00 UTC");
}

#[test]
fn every_icon_that_is_named_stands_in_the_sprite() {
    let sprite = include_str!("../../assets/icons.svg");
    let used = include_str!("../../templates/ui/shell.html").to_owned()
        + include_str!("../../templates/ui/pager.html")
        + include_str!("../../templates/ui/toast.html")
        + include_str!("../../templates/ui/problem.html");
    for name in used.split("Icon(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(sprite.contains(&format!("id=\"{name}\"")), "{name}");
    }
}

#[test]
fn how_long_ago_agrees_with_one_and_with_many() {
    let at: Timestamp = "2026-01-10T12:00:00Z".parse().unwrap();
    let told = |seconds| {
        let now = at + jiff::SignedDuration::from_secs(seconds);
        let html = words::within(domain::Language::Sw, || Html::of(&ago(at, now, "UTC")));
        html.as_str().split(['<', '>']).nth(2).unwrap().to_owned()
    };
    let all: Vec<_> = [1, 12, 60, 7_200, 86_400, -300].into_iter().map(told).collect();
    let swahili = [
        "sek 1 iliyopita",
        "sek 12 zilizopita",
        "dk 1 iliyopita",
        "saa 2 zilizopita",
        "siku 1 iliyopita",
        "baada ya dk 5",
    ];
    assert_eq!(all, swahili);
}

#[test]
fn why_there_is_no_reply_stands_beneath_what_a_customer_wrote_alone() {
    let silence = Some("deleted".to_owned());
    for out in [false, true] {
        let line = Bubble { out, silence: silence.clone(), ..Bubble::default() };
        let shown = Html::of(&Chat { lines: vec![line] }).to_string();
        assert_eq!(shown.contains("class=\"silence\""), !out, "{shown}");
    }
}
