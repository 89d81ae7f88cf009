//! What fields take.

crate::catalogue::catalogue! { "checks";
    email(field) =
        "`{field}` is an e-mail address, like juma@example.com."
        | "`{field}` ni barua pepe, kama juma@example.com.";
    length(field, longest, length) =
        "`{field}` has 1 to {longest} characters; this one has {length}."
        | "`{field}` ina herufi 1 hadi {longest}; hii ina {length}.";
    one_line(field) =
        "`{field}` is one line without control characters."
        | "`{field}` ni mstari mmoja bila herufi za udhibiti.";
    timezone =
        "`timezone` is an IANA name, like Africa/Dar_es_Salaam or Africa/Nairobi."
        | "`timezone` ni jina la IANA, kama Africa/Dar_es_Salaam au Africa/Nairobi.";
    currency =
        "`currency` is three capitals after ISO 4217, like TZS or KES."
        | "`currency` ni herufi kubwa tatu za ISO 4217, kama TZS au KES.";
    retention(most) =
        "`retention_days` is a number from 1 to {most}, or null to keep the log."
        | "`retention_days` ni namba kuanzia 1 hadi {most}, au null ili kutunza rekodi.";
    rate_limit(most) =
        "`config.rate_limit_per_minute` is a number from 1 to {most}, or left empty (null) for the platform's setting."
        | "`config.rate_limit_per_minute` ni namba kuanzia 1 hadi {most}, au acha wazi (null) kutumia mpangilio wa mfumo.";
    language = "`language` is one of sw and en." | "`language` ni sw au en.";
    action =
        "`action` is one of start, stop, restart, suspend and configure."
        | "`action` ni start, stop, restart, suspend au configure.";
    own_to_each =
        "This is each tenant's own, so that it cannot be given to many."
        | "Hii ni ya kila biashara peke yake, kwa hiyo haiwezi kupewa nyingi.";
    change_something =
        "Fill in at least one field: what is left empty stays as it is."
        | "Jaza angalau sehemu moja: unachoacha wazi kinabaki kama kilivyo.";
    phone = "Write the number with its country code, like +255 712 345 678." | "Andika namba pamoja na msimbo wa nchi, kama +255 712 345 678.";
    limit(most) = "`limit` is a number from 1 to {most}." | "`limit` ni namba kuanzia 1 hadi {most}.";
    before =
        "`before` cannot be read; take it from the Link header of the page before."
        | "`before` haisomeki; ichukue kwenye kichwa cha Link cha ukurasa uliopita.";
    moment(field) =
        "`{field}` is a day like 2026-11-27 or a moment like 2026-11-27T08:30:00Z."
        | "`{field}` ni tarehe kama 2026-11-27 au wakati kama 2026-11-27T08:30:00Z.";
    id(field) =
        "`{field}` is an id, like 0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70."
        | "`{field}` ni kitambulisho, kama 0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70.";
    ids(most) = "`ids` names at most {most} tenants." | "`ids` inataja biashara zisizozidi {most}.";
    last(most) = "`last` is a number from 0 to {most}." | "`last` ni namba kuanzia 0 hadi {most}.";
    month =
        "`month` is a year and a month, like 2026-11."
        | "`month` ni mwaka na mwezi, kama 2026-11.";
    part = "`part` is one of now, today, figures and chats." | "`part` ni now, today, figures au chats.";
    pack(got, packs) =
        "\"{got}\" is no reply pack of this installation. There are {packs}."
        | "\"{got}\" si seti ya majibu ya mfumo huu. Zilizopo ni {packs}.";
    removal =
        "`config.remove_deleted` is yes or no."
        | "`config.remove_deleted` ni yes au no.";
    other_tenants_number =
        "This number is linked to another tenant; unlink it there first."
        | "Namba hii imeunganishwa na biashara nyingine; itenganishe huko kwanza.";
}
