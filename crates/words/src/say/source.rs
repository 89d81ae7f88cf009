//! The licence and the source code.

crate::catalogue::catalogue! { "source";
    title = "Source code" | "Msimbo wa programu";
    intro =
        "Flow HQ is free software under the GNU Affero General Public License, version 3 only. Everybody who uses it, over a network too, may have the source code of the version that they use."
        | "Flow HQ ni programu huru chini ya GNU Affero General Public License, toleo la 3 tu. Kila anayeitumia, hata kupitia mtandao, ana haki ya kupata msimbo wa toleo analotumia.";
    get = "Get the source code" | "Pata msimbo wa programu";
    ask(host, version) =
        "{host} gives it to you: ask for the source code of Flow HQ {version}. If you run this site, set SOURCE_URL to the place where it can be got, and every page links to it."
        | "{host} atakupa: omba msimbo wa Flow HQ {version}. Kama unaendesha tovuti hii, weka SOURCE_URL kuwa mahali unapopatikana, na kila ukurasa utaelekeza huko.";
    licence = "The licence in full" | "Leseni yote";
    host = "Whoever runs this site" | "Anayeendesha tovuti hii";
}
