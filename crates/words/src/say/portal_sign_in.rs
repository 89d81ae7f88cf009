//! How owners and staff sign in to the portal.

crate::catalogue::catalogue! { "portal_sign_in";
    title = "Sign in" | "Ingia";
    with(provider) = "Go on with {provider}" | "Endelea na {provider}";
    or = "or" | "au";
    email = "Email" | "Barua pepe";
    password = "Password" | "Nenosiri";
    sign_in = "Sign in" | "Ingia";
    forgot = "Forgot the password?" | "Umesahau nenosiri?";
    by_email = "Send me a link by email" | "Nitumie kiungo kwa barua pepe";
    have_link = "I was given a link" | "Nimepewa kiungo";
    have_link_say =
        "Open it on this phone, or paste it here."
        | "Kifungue kwenye simu hii, au kibandike hapa.";
    no_account =
        "No account yet? Ask whoever offers you the bot for a link."
        | "Bado huna akaunti? Muombe anayekupa huduma ya bot akupe kiungo.";
    first_time =
        "First time here? The same button makes your account."
        | "Ni mara yako ya kwanza? Kitufe hichohicho kinakufungulia akaunti.";
    wrong =
        "This email and password do not go together. Type them again, or ask for a new password."
        | "Barua pepe na nenosiri haviendani. Andika tena, au omba nenosiri jipya.";
    email_needed = "Type your email, like amina@example.com." | "Andika barua pepe yako, kama amina@example.com.";
    password_needed = "Type your password." | "Andika nenosiri lako.";
    first_sign_in = "Sign in first, then you get to where you wanted." | "Ingia kwanza, kisha utaendelea ulipotaka.";
    email_title = "A link by email" | "Kiungo kwa barua pepe";
    email_say =
        "We send you a link. It is good for a short time, and once."
        | "Tutakutumia kiungo. Kinatumika kwa muda mfupi, mara moja tu.";
    reset_title = "A new password" | "Nenosiri jipya";
    reset_say =
        "We send you a link by which you set a new password."
        | "Tutakutumia kiungo cha kuweka nenosiri jipya.";
    send_link = "Send the link" | "Tuma kiungo";
    sent_title = "Look into your email" | "Angalia barua pepe yako";
    sent_say(email) =
        "If {email} has an account here, a link is on its way to it. It may take a minute; look among spam, too."
        | "Kama {email} ina akaunti hapa, kiungo kiko njiani. Huenda ikachukua dakika moja; angalia pia kwenye barua taka.";
    no_email =
        "This site sends no email. Ask whoever offers you the bot for a new link."
        | "Tovuti hii haitumi barua pepe. Muombe anayekupa huduma ya bot akupe kiungo kipya.";
    back = "Back to sign-in" | "Rudi kwenye kuingia";
    link_title = "Your link" | "Kiungo chako";
    link_field = "Link or code" | "Kiungo au msimbo";
    link_hint =
        "Paste the whole link that you were sent, or what stands behind its #."
        | "Bandika kiungo chote ulichotumiwa, au kilicho baada ya alama #.";
    link_go = "Go on" | "Endelea";
    link_needed = "Paste the link that you were given." | "Bandika kiungo ulichopewa.";
    confirm_invitation(tenant) =
        "You are invited to work at {tenant}."
        | "Umealikwa kufanya kazi {tenant}.";
    confirm_owner(tenant) = "{tenant} is waiting for you." | "{tenant} inakusubiri.";
    confirm_reset = "Set a new password" | "Weka nenosiri jipya";
    confirm_change(email) = "Make {email} the email of your account" | "Fanya {email} kuwa barua pepe ya akaunti yako";
    confirm_look(tenant) =
        "Look at the page of {tenant} as its owner sees it. The owner is told."
        | "Angalia ukurasa wa {tenant} kama mmiliki anavyouona. Mmiliki ataambiwa.";
    accept = "Accept and sign in" | "Kubali na uingie";
    look = "Look" | "Angalia";
    confirm = "Confirm" | "Thibitisha";
    for_account(email) = "For {email}" | "Kwa {email}";
    changed = "Your email is changed." | "Barua pepe yako imebadilishwa.";
    half_changed =
        "Confirmed. Now open the link that we sent to your other address, too."
        | "Imethibitishwa. Sasa fungua pia kiungo tulichotuma kwenye anwani yako nyingine.";
    password_title = "Choose a password" | "Chagua nenosiri";
    password_say(email) =
        "With {email} and this password you get in from any phone."
        | "Kwa {email} na nenosiri hili utaingia kutoka simu yoyote.";
    new_password = "New password" | "Nenosiri jipya";
    new_password_hint =
        "At least 12 characters. Three words that only you would put together are good."
        | "Angalau herufi 12. Maneno matatu ambayo wewe tu ungeyaunganisha yanatosha.";
    save_password = "Save the password" | "Hifadhi nenosiri";
    later = "Later" | "Baadaye";
    businesses = "Your businesses" | "Biashara zako";
    choose = "Which one do you want to see?" | "Unataka kuona ipi?";
    owner = "Owner" | "Mmiliki";
    staff = "Staff" | "Mhudumu";
    no_business = "No business of yours is here" | "Huna biashara hapa";
    no_business_say =
        "You have left it, or were taken out of it. Ask its owner for a new invitation."
        | "Umeiacha, au umeondolewa. Muombe mmiliki akualike tena.";
    provider_unknown = "Nobody signs in here in this way. Choose another." | "Hakuna anayeingia hapa kwa njia hii. Chagua nyingine.";
    provider_began_elsewhere =
        "This sign-in was begun in another window or too long ago. Begin it again."
        | "Kuingia huku kulianzia kwenye dirisha jingine, au zamani mno. Anza tena.";
    provider_cancelled(provider) =
        "You did not let {provider} tell us who you are. Choose again how you want to get in."
        | "Hukuiruhusu {provider} itueleze wewe ni nani. Chagua tena jinsi ya kuingia.";
    provider_again(provider) =
        "This sign-in by {provider} is over, or was begun in another window. Press the button once more."
        | "Kuingia huku kwa {provider} kumeisha muda, au kulianzia kwenye dirisha jingine. Bonyeza kitufe mara moja zaidi.";
    provider_away(provider) =
        "{provider} does not answer at the moment. Try again in a minute, or choose another way."
        | "{provider} haijibu kwa sasa. Jaribu tena baada ya dakika moja, au chagua njia nyingine.";
    provider_email(provider) =
        "{provider} gives us no email of yours that it has confirmed. Confirm it there first, or use another account."
        | "{provider} haitupi barua pepe yako iliyothibitishwa. Ithibitishe kwanza huko, au tumia akaunti nyingine.";
    provider_operator(provider) =
        "Signing in by {provider} does not work here at the moment. Tell whoever offers you the bot, and choose another way."
        | "Kuingia kwa {provider} hakufanyi kazi hapa kwa sasa. Mjulishe anayekupa huduma ya bot, na uchague njia nyingine.";
}
