//! What people of a business are told: on their phone, by email and in the browser.

crate::catalogue::catalogue! { "notices";
    browsers_full =
        "As many browsers of yours as can be told are known already; take one away first."
        | "Vivinjari vyako vinavyoweza kuarifiwa vimefikia kikomo; ondoa kimoja kwanza.";
    endpoint =
        "This browser gave an address that cannot be told; allow notifications and try again."
        | "Kivinjari hiki kimetoa anwani isiyoweza kutumiwa; ruhusu arifa kisha jaribu tena.";
    keys =
        "This browser gave keys that cannot be read; allow notifications and try again."
        | "Kivinjari hiki kimetoa funguo zisizosomeka; ruhusu arifa kisha jaribu tena.";
    time(field) = "`{field}` is a time like 18:00." | "`{field}` ni saa kama 18:00.";
    no_email_yet =
        "Email cannot be sent here: the operator has not set it up."
        | "Barua pepe haiwezi kutumwa hapa: msimamizi hajaiweka.";
    waits_title(name) = "A customer waits · {name}" | "Mteja anasubiri · {name}";
    waits[count] =
        "A customer waits for you. Open the messages and reply." | "{count} customers wait for you. Open the messages and reply."
        | "Mteja anakusubiri. Fungua ujumbe umjibu." | "Wateja {count} wanakusubiri. Fungua ujumbe uwajibu.";
    removed_title(name) = "The bot was removed from the phone · {name}" | "Bot imeondolewa kwenye simu · {name}";
    removed =
        "Nobody is answered until you link your phone again: open the page WhatsApp."
        | "Hakuna anayejibiwa hadi uunganishe simu yako tena: fungua ukurasa wa WhatsApp.";
    summary_title(name, day) = "{name} · {day}" | "{name} · {day}";
    summary_messages[count] =
        "{count} message from customers" | "{count} messages from customers"
        | "Ujumbe {count} kutoka kwa wateja" | "Ujumbe {count} kutoka kwa wateja";
    summary_bookings[count] =
        "{count} booking" | "{count} bookings" | "Miadi {count}" | "Miadi {count}";
    summary_orders[count] =
        "{count} order" | "{count} orders" | "Oda {count}" | "Oda {count}";
    summary_tickets[count] =
        "{count} ticket" | "{count} tickets" | "Suala {count}" | "Masuala {count}";
}
