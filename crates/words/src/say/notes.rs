//! What operators note of a tenant for themselves, and the tags by which they find it again.

crate::catalogue::catalogue! { "notes";
    title = "Private notes" | "Maelezo ya ndani";
    intro =
        "Operators alone read this: neither the business nor its bot is ever told."
        | "Wasimamizi pekee husoma hapa: biashara na bot yake hawaambiwi kamwe.";
    tags = "Tags" | "Lebo";
    tags_hint =
        "Words to find it by, with commas between them, like vip, kariakoo"
        | "Maneno ya kuitafuta, yenye mkato kati yake, kama vip, kariakoo";
    note = "Note" | "Maelezo";
    save = "Save notes" | "Hifadhi maelezo";
    saved = "Saved. Operators alone can read it." | "Imehifadhiwa. Wasimamizi pekee wanaweza kuisoma.";
    not_saved = "Notes not saved" | "Maelezo hayajahifadhiwa";
    stale =
        "Somebody else has changed these notes meanwhile. Nothing of yours was saved; look at what stands now, then save again."
        | "Mtu mwingine amebadilisha maelezo haya wakati huu. Ulichoandika hakijahifadhiwa; angalia kilichopo sasa, kisha hifadhi tena.";
    stands = "What stands now" | "Kilichopo sasa";
    tag_empty =
        "`tags` holds an empty word: take it out, or write 1 to 32 characters."
        | "`tags` ina neno tupu: liondoe, au andika herufi 1 hadi 32.";
    tag_long(tag, most, length) =
        "`tags` are words of at most {most} characters; \"{tag}\" has {length}."
        | "`tags` ni maneno yasiyozidi herufi {most}; \"{tag}\" ina {length}.";
    tag_sign(tag) =
        "`tags` hold neither commas nor control characters; \"{tag}\" does."
        | "`tags` hazina mkato wala herufi za udhibiti; \"{tag}\" inazo.";
    tags_many(most, count) =
        "`tags` are at most {most}; these are {count}. Take some out."
        | "`tags` hazizidi {most}; hizi ni {count}. Ondoa baadhi.";
    note_long(most, length) =
        "`note` has at most {most} characters; this one has {length}."
        | "`note` haizidi herufi {most}; hii ina {length}.";
    note_sign =
        "`note` holds no control characters but line ends; take them out."
        | "`note` haina herufi za udhibiti isipokuwa miisho ya mistari; ziondoe.";
    more(count, all) = "and {count} more: {all}" | "na nyingine {count}: {all}";
    of_tag(tag) = "with the tag {tag}" | "zenye lebo {tag}";
    any_tag = "Any tag" | "Lebo yoyote";
    only_tag(tag) = "Show only those with the tag {tag}" | "Onyesha zenye lebo {tag} tu";
}
