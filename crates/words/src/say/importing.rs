//! Tenants as a table: taken out, and put in with a look at what it would do.

crate::catalogue::catalogue! { "importing";
    export = "Export as CSV" | "Pakua kama CSV";
    open = "Import" | "Ingiza CSV";
    title = "Import tenants" | "Ingiza biashara";
    intro =
        "From a table that a spreadsheet has saved as CSV. First you see row by row what it would do; nothing is changed until you say so."
        | "Kutoka kwenye jedwali lililohifadhiwa kama CSV. Kwanza utaona mstari kwa mstari litakalofanyika; hakuna kinachobadilika hadi utakaposema.";
    how_new =
        "A row without an id makes a new tenant, which needs a name."
        | "Mstari usio na id huongeza biashara mpya, ambayo inahitaji jina.";
    how_change =
        "A row with an id changes that tenant, in the columns that the table has. An empty number, length of keeping, limit, tag or note is emptied; anything else that is empty stays."
        | "Mstari wenye id hubadilisha biashara hiyo, kwa safu zilizopo kwenye jedwali. Namba, muda wa kutunza, kikomo, lebo au maelezo yakiwa wazi yanaondolewa; kingine kikiwa wazi kinabaki.";
    how_begin(most) =
        "At most {most} rows. The export has all columns: it is the table to begin with."
        | "Mistari isiyozidi {most}. Faili la kupakua lina safu zote: anza nalo.";
    columns = "Columns" | "Safu";
    heading = "The first line" | "Mstari wa kwanza";
    labels_too(labels) =
        "Any of them may be left out, and each may be called as the forms call it: {labels}."
        | "Yoyote inaweza kuachwa, na kila moja inaweza kuitwa kama fomu zinavyoiita: {labels}.";
    dry_run =
        "`dry_run` is true or false, and no other name stands in the query."
        | "`dry_run` ni true au false, na jina lingine halipo kwenye anwani.";
    table = "The table" | "Jedwali";
    file = "CSV file" | "Faili la CSV";
    look = "Look at what it would do" | "Angalia litakalofanyika";
    would = "What it would do" | "Litakalofanyika";
    did = "What it did" | "Lililofanyika";
    do_it[count] =
        "Import 1 row"
        | "Import {count} rows"
        | "Ingiza mstari 1"
        | "Ingiza mistari {count}";
    left_out[count] =
        "1 row is refused and will be left out: mend it in the file and look again, or go on without it."
        | "{count} rows are refused and will be left out: mend them in the file and look again, or go on without them."
        | "Mstari 1 umekataliwa na utaachwa: urekebishe kwenye faili uangalie tena, au endelea bila huo."
        | "Mistari {count} imekataliwa na itaachwa: irekebishe kwenye faili uangalie tena, au endelea bila hiyo.";
    nothing =
        "There is nothing in this file that would change anything."
        | "Hakuna kitu kwenye faili hili kitakachobadilisha chochote.";
    again = "Choose another file" | "Chagua faili lingine";
    line = "Line" | "Mstari";
    what = "What" | "Nini";
    details = "Details" | "Maelezo zaidi";
    make = "New" | "Mpya";
    change = "Changed" | "Inabadilika";
    same = "As it is" | "Inabaki ilivyo";
    refuse = "Refused" | "Imekataliwa";
    from_to(label, from, to) = "{label}: {from} → {to}" | "{label}: {from} → {to}";
    nothing_there = "(empty)" | "(wazi)";
    no_file =
        "`file` is missing or empty. Choose the CSV file to look at, then send it."
        | "`file` haipo au ni tupu. Chagua faili la CSV la kuangalia, kisha ulitume.";
    not_utf8 =
        "`file` is not in UTF-8. Save it in the spreadsheet as \"CSV UTF-8\", then send it again."
        | "`file` haiko kwa UTF-8. Ihifadhi kama \"CSV UTF-8\" kwenye programu ya majedwali, kisha uitume tena.";
    unreadable(line, why) =
        "`file` cannot be read as CSV at line {line}: {why}. Save it in the spreadsheet as CSV, then send it again."
        | "`file` haisomeki kama CSV kwenye mstari wa {line}: {why}. Ihifadhi kama CSV kwenye programu ya majedwali, kisha uitume tena.";
    unknown_columns(unknown, known) =
        "`file` has columns at line 1 that are not known: {unknown}. There are: {known}."
        | "`file` ina safu zisizojulikana kwenye mstari wa 1: {unknown}. Zilizopo ni: {known}.";
    column_twice(column) =
        "`file` has the column {column} twice at line 1; take one out."
        | "`file` ina safu {column} mara mbili kwenye mstari wa 1; ondoa moja.";
    no_key_column =
        "`file` needs a heading at line 1 with the column name, id, or both."
        | "`file` inahitaji kichwa kwenye mstari wa 1 chenye safu name, id, au zote mbili.";
    too_many(most) =
        "`file` has more than {most} rows. Part it, and import one after the other."
        | "`file` ina mistari zaidi ya {most}. Igawe, kisha uingize moja baada ya nyingine.";
    cells(count, columns) =
        "This row has {count} cells where the heading has {columns}."
        | "Mstari huu una seli {count} ilhali kichwa kina {columns}.";
    no_name = "A new tenant needs a name." | "Biashara mpya inahitaji jina.";
    no_tenant =
        "There is no tenant with this id. Leave it empty to make a new one."
        | "Hakuna biashara yenye id hii. Acha wazi ili kuongeza mpya.";
    twice(line) = "The same stands at line {line} already." | "Hiki kipo tayari kwenye mstari wa {line}.";
    there_already =
        "There is a tenant of this name already. Write its id to change it, or a number of its own to make another one."
        | "Kuna biashara yenye jina hili tayari. Andika id yake ili kuibadilisha, au namba yake yenyewe ili kuongeza nyingine.";
    late =
        "This row was not reached in time. Import the file again: what is done already stays as it is."
        | "Mstari huu haukufikiwa kwa wakati. Ingiza faili tena: yaliyokwisha yanabaki yalivyo.";
    only_when_done =
        "Why is not kept: look at the file once more to see it."
        | "Sababu haihifadhiwi: angalia faili tena ili kuiona.";
    under_way =
        "This import is under way, or its end was never seen. Look at the tenants before you send it again."
        | "Uingizaji huu unaendelea, au mwisho wake haukuonekana. Angalia biashara kabla ya kuutuma tena.";
    counted(made, changed, same, refused) =
        "{made} new, {changed} changed, {same} as they are, {refused} refused."
        | "Mpya {made}, zilizobadilika {changed}, zinazobaki {same}, zilizokataliwa {refused}.";
    to_tenants = "To the tenants" | "Rudi kwenye biashara";
}
