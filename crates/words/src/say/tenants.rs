//! The list of tenants and the form for a new one.

crate::catalogue::catalogue! { "tenants";
    create = "Create tenant" | "Ongeza biashara";
    list = "List of tenants" | "Orodha ya biashara";
    search_hint = "Search by name, number or email" | "Tafuta kwa jina, namba au barua pepe";
    select_all = "Select all on this page" | "Chagua zote za ukurasa huu";
    search = "Search" | "Tafuta";
    selected = "selected" | "zimechaguliwa";
    clear = "Clear" | "Ondoa chaguo";
    the_selected = "The selected" | "Ulizochagua";
    filter = "Filter by state" | "Chuja kwa hali";
    select(name) = "Select {name}" | "Chagua {name}";
    status = "Status" | "Hali";
    last_day = "Last 24 h" | "Saa 24 zilizopita";
    last_seen = "Last seen" | "Ilionekana mwisho";
    never = "never" | "bado";
    worker = "Worker" | "Injini";
    memory = "Memory" | "Memori";
    messages_today = "Messages today" | "Ujumbe wa leo";
    more_for(name) = "More for {name}" | "Zaidi kwa {name}";
    view = "View" | "Tazama";
    all = "All" | "Zote";
    tile_needs = "Needs you" | "Zinakuhitaji";
    tile_reconnecting = "Reconnecting" | "Zinaunganika tena";
    tile_suspended = "Suspended" | "Zimesitishwa";
    tile_new = "Never started" | "Hazijaanza";
    tile_answering = "Answering" | "Zinajibu";
    tile_waiting = "Waiting for QR" | "Zinasubiri QR";
    tile_paused = "Paused" | "Zimesimamishwa";
    tile_error = "Error" | "Zina hitilafu";
    tile_stale = "Stale" | "Ziko kimya";
    shown_of[count, all, most] =
        "{count} of {all} tenant, at most {most} a page"
        | "{count} of {all} tenants, at most {most} a page"
        | "Biashara {count} kati ya {all}, hadi {most} kwa ukurasa"
        | "Biashara {count} kati ya {all}, hadi {most} kwa ukurasa";
    shown[count, most] =
        "{count} tenant, at most {most} a page"
        | "{count} tenants, at most {most} a page"
        | "Biashara {count}, hadi {most} kwa ukurasa"
        | "Biashara {count}, hadi {most} kwa ukurasa";
    none_title = "No bots yet" | "Bado hakuna bot";
    none_text =
        "Each business that you serve is a tenant with a bot of its own. Create the first one, start it, and link its phone by scanning a code."
        | "Kila biashara unayoihudumia ina bot yake. Ongeza ya kwanza, ianzishe, kisha unganisha simu yake kwa kuskani msimbo.";
    none_link = "Create the first tenant" | "Ongeza biashara ya kwanza";
    no_match_title = "No tenant is like that" | "Hakuna biashara ya namna hiyo";
    no_match_text =
        "Nothing matches this search and filter together."
        | "Hakuna kinacholingana na utafutaji na kichujio hiki kwa pamoja.";
    show_all = "Show all tenants" | "Onyesha biashara zote";
    column_select = "Select" | "Chagua";
    tenant = "Tenant" | "Biashara";
    today = "Today" | "Leo";
    actions = "Actions" | "Vitendo";
    namesakes[count] =
        "Another tenant has the same name."
        | "{count} other tenants have the same name."
        | "Kuna biashara nyingine yenye jina hili."
        | "Kuna biashara nyingine {count} zenye jina hili.";
    pack_gone(id) =
        "Its reply pack {id} is not on this installation: the bot hands every customer to a person. Put the pack's folder back into PACKS_DIR, or choose another pack."
        | "Seti yake ya majibu {id} haipo kwenye mfumo huu: bot inampa kila mteja mhudumu. Rudisha folda ya seti ndani ya PACKS_DIR, au chagua seti nyingine.";
    no_pack(id) = "No pack {id}" | "Hakuna seti {id}";
    slowed =
        "This bot hands in more than its share of the database, so that its conversations are taken in more slowly: nothing is lost. Look into its log for what it repeats."
        | "Boti hii inaleta zaidi ya sehemu yake ya hifadhidata, kwa hiyo mazungumzo yake yanapokelewa polepole: hakuna kinachopotea. Angalia kumbukumbu zake kuona inarudia nini.";
    number_taken(name, id) =
        "\"{name}\" (tenant {id}) has declared this number. Empty it there first, or give another one."
        | "\"{name}\" (biashara {id}) tayari imeandikisha namba hii. Iondoe huko kwanza, au weka namba nyingine.";
    two_values(field) =
        "`{field}` and `config.{field}` say different things; send one of them."
        | "`{field}` na `config.{field}` hazilingani; tuma moja tu.";
    keys = "Keys" | "Vitufe";
    key_search = "Search" | "Tafuta";
    key_walk = "Next and previous tenant; arrows too" | "Biashara inayofuata na iliyotangulia; hata mishale";
    key_open = "Open the tenant" | "Fungua biashara";
    key_select = "Select it" | "Ichague";
    key_leave = "Leave the search, close what is open" | "Ondoka kwenye utafutaji, funga kilicho wazi";
    key_list = "This list" | "Orodha hii";
    as_it_is = "As it is" | "Kama ilivyo";
    cancel = "Cancel" | "Ghairi";
}
