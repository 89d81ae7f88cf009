//! Bookings, orders and tickets: why a change to one is refused.

crate::catalogue::catalogue! { "records";
    changed(reference) =
        "{reference} has changed since you looked at it. Look at it again, then change it."
        | "{reference} imebadilika tangu ulipoiangalia. Iangalie tena, kisha uibadilishe.";
    unknown(reference) = "There is no {reference} here." | "Hakuna {reference} hapa.";
    slot_taken(when) =
        "The time {when} is taken. Choose another." | "Muda {when} umeshachukuliwa. Chagua mwingine.";
    out_of_stock(code, left) =
        "Of {code} only {left} is left. Lower the quantity, or count the stock anew."
        | "{code} imebaki {left} tu. Punguza idadi, au hesabu upya.";
    number_taken(reference) =
        "The number {reference} has been given to another. Try again." | "Namba {reference} imeshapewa mwingine. Jaribu tena.";
    state(reference, from, to) =
        "{reference} is {from} and cannot become {to}." | "{reference} iko {from}, haiwezi kuwa {to}.";
}
