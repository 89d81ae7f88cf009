//! Machines on which bots run, and moves between them.

crate::catalogue::catalogue! { "hosts";
    title = "Hosts" | "Mashine";
    intro =
        "The machines on which bots run. New tenants go where most room is."
        | "Mashine zinazoendesha bot. Biashara mpya zinawekwa penye nafasi kubwa zaidi.";
    none = "All bots run on this machine" | "Bot zote zinaendeshwa kwenye mashine hii";
    none_text =
        "Where one machine is not enough, the setting HOSTS names others that run “flowhq host”."
        | "Mashine moja isipotosha, mpangilio HOSTS unataja nyingine zinazoendesha “flowhq host”.";
    name = "Host" | "Mashine ya bot";
    state = "State" | "Hali";
    tenants = "Tenants" | "Biashara";
    disk = "Disk free" | "Nafasi ya diski";
    version = "Version" | "Toleo";
    of(tenants, capacity) = "{tenants} of {capacity}" | "{tenants} kati ya {capacity}";
    running[bots] = "1 bot runs" | "{bots} bots run" | "bot 1 inafanya kazi" | "bot {bots} zinafanya kazi";
    seen = "answered" | "ilijibu";
    ready = "Ready" | "Iko tayari";
    draining = "Being emptied" | "Inaondolewa biashara";
    away = "Away" | "Haijibu";
    lost = "Given up" | "Imeachwa";
    states = "What the states mean" | "Maana ya hali";
    ready_say = "It answers and takes tenants." | "Inajibu na kupokea biashara.";
    draining_say =
        "Its tenants go to other hosts one after the other, and it takes none."
        | "Biashara zake zinahamishiwa mashine nyingine moja baada ya nyingine, wala haipokei mpya.";
    away_say =
        "It does not answer. Its bots may well go on, so nothing of them is started elsewhere; it comes back by itself."
        | "Hakuna jibu. Huenda bot zake zinaendelea, kwa hiyo hazianzishwi kwingine; inarudi yenyewe.";
    lost_say =
        "A person has said that it never comes back. Its tenants wait to be moved, and begin elsewhere without their linked phones."
        | "Mtu amesema haitarudi tena. Biashara zake zinasubiri kuhamishwa, na zinaanza kwingine bila simu zilizounganishwa.";
    drain = "Move its tenants away" | "Hamisha biashara zake";
    undrain = "Take it into use again" | "Irudishe kazini";
    give_up = "Give it up as lost" | "Iache kama iliyopotea";
    lost_title(name) = "Give up host {name}" | "Acha mashine {name}";
    first = "Look first" | "Angalia kwanza";
    first_off =
        "Is the machine off? While it runs, its bots go on answering although nobody hears of them here: switch it off, or see its processes ended."
        | "Je, mashine imezimwa? Ikiwa inafanya kazi, bot zake zinaendelea kujibu ingawa hapa hazisikiki: izime, au hakikisha programu zake zimekoma.";
    first_cable =
        "Is it the network? A host that can be reached again comes back by itself, with nothing lost."
        | "Je, ni mtandao? Mashine inayofikika tena inarudi yenyewe, bila kupoteza chochote.";
    first_volume =
        "Is its disk lost too? Where the disk can be attached to another machine, the same host started there has all sessions."
        | "Je, diski yake imepotea pia? Kama diski inaweza kufungwa kwenye mashine nyingine, mashine ileile ikiwashwa huko ina miunganisho yote.";
    then = "Then give it up" | "Kisha iache";
    then_say[tenants] =
        "Its one tenant can then be moved to another host. It begins there without its session: its phone has to be linked again."
        | "Its {tenants} tenants can then be moved to other hosts. They begin there without their sessions: each phone has to be linked again."
        | "Biashara yake moja itaweza kuhamishiwa mashine nyingine. Itaanza huko bila muunganisho: simu yake lazima iunganishwe tena."
        | "Biashara zake {tenants} zitaweza kuhamishiwa mashine nyingine. Zitaanza huko bila miunganisho: kila simu lazima iunganishwe tena.";
    then_none =
        "It has no tenants: nothing is lost with it."
        | "Haina biashara yoyote: hakuna kitakachopotea.";
    choose = "Choose a host" | "Chagua mashine";
    type_name = "The host's name, so that it is the one you mean" | "Jina la mashine, ili iwe ndiyo unayoikusudia";
    type_wrong(name) = "Type the name as it is: {name}" | "Andika jina kama lilivyo: {name}";
    here = "This machine" | "Mashine hii";
    place = "Runs on" | "Inaendeshwa kwenye";
    place_of(name) = "Where {name} runs" | "{name} inaendeshwa wapi";
    place_say =
        "Its bot ends where it is and goes on there with all that it has, and with its linked phone. What customers write in those moments is answered there."
        | "Bot yake inakoma ilipo na kuendelea huko ikiwa na vyote ilivyo navyo pamoja na simu iliyounganishwa. Wateja watakachoandika wakati huo kinajibiwa huko.";
    move_to = "Move it to" | "Ihamishie";
    move_now = "Move it" | "Hamisha";
    moving_to(host) = "It is being moved to {host}" | "Inahamishiwa {host}";
    move_away = "Move to another host" | "Hamishia mashine nyingine";
    no_host = "Choose where it goes." | "Chagua inapokwenda.";
    leaving =
        "This tenant is being moved to another host; it goes on there in a moment."
        | "Biashara hii inahamishiwa mashine nyingine; itaendelea huko baada ya muda mfupi.";
    refused = "The tenant was not moved there: look at where it is and how that host does." | "Biashara haikuhamishiwa huko: angalia iko wapi na mashine hiyo iko katika hali gani.";
    disk_low = "Runs low" | "Inaisha";
    disk_short = "Full: its bots take nothing" | "Imejaa: bot zake hazipokei";
    even_title = "Even out" | "Sawazisha";
    even_already =
        "Hosts that take tenants are evenly filled: nothing is to be moved."
        | "Mashine zinazopokea biashara zimejaa sawasawa: hakuna cha kuhamisha.";
    even_would[moves] =
        "1 tenant would go to another host, and is away for a moment meanwhile."
        | "{moves} tenants would go to other hosts, one after the other; each is away for a moment."
        | "Biashara 1 itahamia mashine nyingine, na haitapatikana kwa muda mfupi."
        | "Biashara {moves} zitahamia mashine nyingine, moja baada ya nyingine; kila moja haitapatikana kwa muda mfupi.";
    even_left[left] =
        "Hosts are being evened out: 1 tenant is to be moved yet."
        | "Hosts are being evened out: {left} tenants are to be moved yet."
        | "Mashine zinasawazishwa: imebaki biashara 1 ya kuhamisha."
        | "Mashine zinasawazishwa: zimebaki biashara {left} za kuhamisha.";
    even_now = "Even hosts out" | "Sawazisha mashine";
    even_refused =
        "Hosts were not evened out: tenants are being moved. Ask again once that is over."
        | "Mashine hazikusawazishwa: kuna biashara zinazohamishwa. Jaribu tena zikishahama.";
}
