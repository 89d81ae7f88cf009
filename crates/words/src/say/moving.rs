//! A tenant that goes to another installation with its device, and one that comes from there.

crate::catalogue::catalogue! { "moving";
    open = "Move to another installation" | "Hamishia mfumo mwingine";
    open_say =
        "Its bot goes on there with the device that it has: no phone links again. Here it ends for good."
        | "Bot inaendelea huko kwa kifaa kilekile: simu haiunganishwi tena. Hapa inakoma moja kwa moja.";
    title(name) = "Move {name} to another installation" | "Hamishia {name} kwenye mfumo mwingine";
    what_goes =
        "All of it goes: settings, profile, conversations, books and the linked device. What customers write meanwhile waits at WhatsApp and is answered there, once."
        | "Vyote vinahama: mipangilio, taarifa, mazungumzo, vitabu na kifaa kilichounganishwa. Wateja watakachoandika wakati huo kinasubiri WhatsApp na kujibiwa huko, mara moja tu.";
    what_ends =
        "Here its bot never starts again, whatever happens to the file. Its owner signs in there by a new link."
        | "Hapa bot yake haitaanza tena kamwe, hata faili likipotea. Mmiliki ataingia huko kwa kiungo kipya.";
    step_key = "1. Get a move key there" | "1. Pata ufunguo wa kuhamisha kutoka huko";
    step_key_say =
        "On the other installation, choose Tenants, then Take in a tenant; or run this command on its server:"
        | "Kwenye mfumo mwingine, chagua Biashara, kisha Pokea biashara; au endesha amri hii kwenye seva yake:";
    step_out = "2. End the bot here" | "2. Komesha bot hapa";
    step_out_say =
        "The bot ends at once and all of it is sealed into a file on this server, which the other installation alone can open."
        | "Bot inakoma mara moja na vyote vinafungwa ndani ya faili kwenye seva hii, ambalo mfumo ule pekee unaweza kulifungua.";
    key = "Move key" | "Ufunguo wa kuhamisha";
    key_hint = "Begins with flowhq-move-key" | "Unaanza na flowhq-move-key";
    key_needed =
        "Type the other installation's move key." | "Andika ufunguo wa kuhamisha wa mfumo mwingine.";
    type_name = "The tenant's name, so that it is the one you mean" | "Jina la biashara, ili iwe ndiyo unayoikusudia";
    type_wrong(name) = "Type the name as it is: {name}" | "Andika jina kama lilivyo: {name}";
    out = "End it here and write the file" | "Komesha hapa na uandike faili";
    not_out = "It was not moved" | "Haikuhamishwa";
    done(name) = "{name} has ended here and waits in a file" | "{name} imekoma hapa na inasubiri ndani ya faili";
    done_say(bytes) =
        "The file has {bytes} bytes and lies on this server. Carry it to the other one by any way: nobody else can open it."
        | "Faili lina baiti {bytes} na lipo kwenye seva hii. Lipeleke kwenye seva nyingine kwa njia yoyote: hakuna mwingine anayeweza kulifungua.";
    file = "The file" | "Faili";
    step_carry = "3. Carry the file to the other server" | "3. Peleka faili kwenye seva nyingine";
    step_carry_say = "Such as by this command, on this server:" | "Kwa mfano kwa amri hii, kwenye seva hii:";
    step_in = "4. Take it in there" | "4. Ipokee huko";
    step_in_say =
        "By this command on the other server. The bot starts there by itself where it ran here."
        | "Kwa amri hii kwenye seva nyingine. Bot inaanza huko yenyewe kama ilikuwa inafanya kazi hapa.";
    step_delete = "5. Delete it here" | "5. Ifute hapa";
    step_delete_say =
        "Once it answers there: until then this page makes the same file again with the same move key."
        | "Ikishaanza kujibu huko: hadi hapo ukurasa huu unatengeneza faili lilelile tena kwa ufunguo uleule.";
    moved = "Moved to another installation" | "Imehamishiwa mfumo mwingine";
    moved_say =
        "Its bot has ended here and never starts here again. It answers on the other installation once that has taken the file in."
        | "Bot yake imekoma hapa na haitaanza tena hapa. Inajibu kwenye mfumo mwingine ukishapokea faili.";
    moved_more = "See how the move goes on" | "Ona jinsi uhamisho unavyoendelea";
    again = "Write the file again" | "Andika faili tena";
    again_say =
        "Where the file is lost: the same move key makes it again, and no other one does."
        | "Kama faili limepotea: ufunguo uleule unalitengeneza tena, na mwingine hauwezi.";
    take_in = "Take in a tenant" | "Pokea biashara";
    take_in_title = "Take in a tenant of another installation" | "Pokea biashara ya mfumo mwingine";
    take_in_say =
        "It comes with all that it has and with its linked device: no phone links again."
        | "Inakuja na vyote ilivyo navyo na kifaa kilichounganishwa: simu haiunganishwi tena.";
    make_key = "Make a move key" | "Tengeneza ufunguo wa kuhamisha";
    make_key_say =
        "With a move key one tenant can come here, once, within 30 days. It seals the tenant on its way."
        | "Kwa ufunguo wa kuhamisha biashara moja inaweza kuja hapa, mara moja, ndani ya siku 30. Unaifunga biashara ikiwa njiani.";
    key_made = "The move key" | "Ufunguo wa kuhamisha";
    key_made_say =
        "Shown this once. Pass it on like a password to whoever runs the other installation, and type it there."
        | "Unaonyeshwa mara hii tu. Mpe anayeendesha mfumo mwingine kama unavyompa nenosiri, auandike huko.";
    come_say =
        "Then the tenant's file comes to this server, and this command takes it in:"
        | "Kisha faili la biashara linafika kwenye seva hii, na amri hii inaipokea:";
}
