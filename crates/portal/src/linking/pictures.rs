//! The steps on the phone, drawn by us: a phone's outline with what is to be tapped. No word stands in them, since the words
//! beside them are in the reader's language.

use web::ui::Html;

/// What a picture shows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shows {
    Open,
    Menu,
    Scan,
    Instead,
    Type,
}

/// A picture, with what it shows for whoever does not see it.
pub(super) fn picture(shows: Shows) -> Html {
    use words::portal_linking as say;
    let (label, inside) = match shows {
        Shows::Open => (
            say::picture_open(),
            r##"<rect class="s" x="24" y="26" width="14" height="14" rx="4"/><rect class="s" x="46" y="26" width="14" height="14" rx="4"/><rect class="s" x="68" y="26" width="14" height="14" rx="4"/><rect class="s" x="24" y="48" width="14" height="14" rx="4"/><rect class="a" x="43" y="45" width="20" height="20" rx="6"/><path class="w" d="M53 49.5a5.5 5.5 0 1 1-2.6 10.3l-3 .9.9-2.9A5.5 5.5 0 0 1 53 49.5z"/><circle class="t" cx="53" cy="55" r="15"/><rect class="s" x="68" y="48" width="14" height="14" rx="4"/>"##,
        ),
        Shows::Menu => (
            say::picture_menu(),
            r##"<path class="l" d="M24 24h30"/><circle class="d" cx="80" cy="20" r="1.6"/><circle class="d" cx="80" cy="25" r="1.6"/><circle class="d" cx="80" cy="30" r="1.6"/><circle class="t" cx="80" cy="25" r="9"/><rect class="p" x="36" y="38" width="48" height="50" rx="4"/><path class="l" d="M42 47h28M42 78h22"/><rect class="h" x="38" y="56" width="44" height="14" rx="3"/><path class="k" d="M50 63h26"/><rect class="o" x="41" y="59" width="6" height="8" rx="1"/>"##,
        ),
        Shows::Scan => (
            say::picture_scan(),
            r##"<rect class="p" x="26" y="30" width="54" height="54" rx="6"/><path class="f" d="M30 42v-8h8M68 34h8v8M76 72v8h-8M38 80h-8v-8"/><path class="d" d="M38 42h10v10H38zM58 42h10v10H58zM38 62h10v10H38z"/><path class="q" d="M41 45h4v4h-4zM61 45h4v4h-4zM41 65h4v4h-4z"/><path class="d" d="M52 42h3v5h-3zM52 52h6v4h-6zM58 62h4v4h-4zM64 66h4v6h-4zM58 69h3v3h-3z"/>"##,
        ),
        Shows::Instead => (
            say::picture_instead(),
            r##"<rect class="p" x="30" y="22" width="46" height="46" rx="6"/><path class="f" d="M34 34v-8h8M64 26h8v8M72 56v8h-8M42 64h-8v-8"/><rect class="h" x="24" y="78" width="58" height="14" rx="7"/><path class="k" d="M32 85h42"/><circle class="t" cx="53" cy="85" r="15"/>"##,
        ),
        Shows::Type => (
            say::picture_type(),
            r##"<path class="l" d="M34 30h38"/><g class="o"><rect x="21" y="44" width="13" height="16" rx="2"/><rect x="38" y="44" width="13" height="16" rx="2"/><rect x="55" y="44" width="13" height="16" rx="2"/><rect x="72" y="44" width="13" height="16" rx="2"/><rect x="21" y="66" width="13" height="16" rx="2"/><rect x="38" y="66" width="13" height="16" rx="2"/></g><rect class="h" x="55" y="66" width="13" height="16" rx="2"/><rect class="o" x="72" y="66" width="13" height="16" rx="2"/><path class="k" d="M27.5 48v8M44.5 48v8M61.5 48v8M78.5 48v8M27.5 70v8M44.5 70v8"/>"##,
        ),
    };
    Html::drawing(format!(
        r##"<svg class="step-picture" viewBox="0 0 106 112" role="img" aria-label="{label}"><rect class="b" x="14" y="4" width="78" height="104" rx="10"/><path class="b" d="M46 10h14"/>{inside}</svg>"##
    ))
}
