// The page: two phones and a board. It keeps nothing but what the server says.

import { get, listen, post } from "./api.js";
import { Board } from "./board.js";
import { Chats } from "./chat.js";
import { dialog, h, icon, toast, written } from "./dom.js";
import { Linked } from "./linked.js";

const $ = (selector) => document.querySelector(selector);
const world = { accounts: [], devices: new Map() };
/** At most so often is asked again while things happen. */
const REFRESH_MS = 250;

const make = (business) => newAccount(business, $(business ? "#owner-who" : "#customer-who"), null);
const customer = new Chats($("#customer-phone"), { business: false, world, make: () => make(false) });
const ownerChats = h("div", { class: "part", hidden: true });
const ownerLinked = h("div", { class: "part screen" });
const ownerTabs = ["linked", "chats"].map((part) => h(
  "button",
  { "aria-pressed": String(part === "linked"), onclick: () => showPart(part) },
  icon(part === "linked" ? "link" : "chats"), part === "linked" ? "Linked devices" : "Chats",
));
$("#owner-phone").append(ownerLinked, ownerChats, h("div", { class: "phone-tabs" }, ownerTabs));
const owner = new Chats(ownerChats, { business: true, world, make: () => make(true) });
const linked = new Linked(ownerLinked, { world, changed: () => refresh(), make: () => make(true) });
const board = new Board($("#faults"), $("#feed"), world);

function showPart(part) {
  ownerLinked.hidden = part !== "linked";
  ownerChats.hidden = part === "linked";
  ownerTabs.forEach((tab, n) => tab.setAttribute("aria-pressed", String((n === 0) === (part === "linked"))));
}

/** Fills one choice of people; keeps what is chosen. */
function offer(select, people, more) {
  // Something to change away from, so that "new" can be chosen while nobody is there.
  const nobody = people.length ? [] : [["", "nobody yet"]];
  const wanted = [...nobody, ...people.map(({ number, name }) => [number, `${name} · ${written(number)}`]), ["new", more]];
  if (select.dataset.drawn !== JSON.stringify(wanted)) {
    const before = select.value;
    select.replaceChildren(...wanted.map(([value, label]) => h("option", { value }, label)));
    if (people.some(({ number }) => number === before)) select.value = before;
    select.dataset.drawn = JSON.stringify(wanted);
  }
  return people.some(({ number }) => number === select.value) ? select.value : null;
}

async function refresh() {
  let accounts;
  try {
    accounts = await get("accounts");
  } catch {
    return;
  }
  const businesses = accounts.filter((account) => account.business);
  const lists = await Promise.all(businesses.map(async ({ number, devices }) => [number, devices.length ? await get(`accounts/${number}/devices`).catch(() => []) : []]));
  world.accounts = accounts;
  world.devices = new Map(lists);
  const me = offer($("#customer-who"), accounts.filter((account) => !account.business), "New customer…");
  const shop = offer($("#owner-who"), businesses, "New phone…");
  await customer.become(me);
  await owner.become(shop);
  linked.draw(shop);
  await Promise.all([customer.refresh(), owner.refresh(), board.refresh()]);
}

let waiting = false;
let again = false;
/** Asks again soon, and once more where something happened meanwhile. */
function soon() {
  if (waiting) { again = true; return; }
  waiting = true;
  setTimeout(async () => {
    await refresh();
    waiting = false;
    if (again) { again = false; soon(); }
  }, REFRESH_MS);
}

function newAccount(business, select, before) {
  const number = h("input", { inputMode: "numeric", required: true, pattern: "[0-9]{5,15}", placeholder: "255754000333", title: "5 to 15 digits, without +" });
  const name = h("input", { required: true, maxLength: 60, placeholder: business ? "Mama Ntilie Café" : "Asha" });
  let made = false;
  const box = dialog(
    business ? "New phone" : "New customer",
    h(
      "form",
      {
        class: "new",
        onsubmit: async (event) => {
          event.preventDefault();
          try {
            await post("accounts", { number: number.value, name: name.value, business });
            made = true;
            box.close();
            await refresh();
            select.value = number.value;
            await refresh();
          } catch (refusal) {
            toast(refusal.message, "bad");
          }
        },
      },
      h("label", {}, "Name", name),
      h("label", {}, "Phone number, digits alone", number),
      h("button", { class: "primary" }, business ? "Make the phone" : "Make the customer"),
    ),
  );
  box.addEventListener("close", () => { if (!made) select.value = before ?? select.options[0]?.value; });
  name.focus();
}

for (const [id, business, phone] of [["#customer-who", false, customer], ["#owner-who", true, owner]]) {
  const select = $(id);
  select.addEventListener("change", () => (select.value === "new" ? newAccount(business, select, phone.me) : refresh()));
}

document.querySelectorAll(".tabs button").forEach((tab) => tab.addEventListener("click", () => {
  $("#stage").dataset.show = tab.dataset.show;
  document.querySelectorAll(".tabs button").forEach((other) => other.setAttribute("aria-pressed", String(other === tab)));
}));

$("#about").addEventListener("click", async () => {
  const about = await get("server").catch((refusal) => toast(refusal.message, "bad"));
  if (!about) return;
  const fact = (title, value) => value && [h("dt", {}, title), h("dd", {}, h("code", {}, value))];
  dialog(
    "Addresses",
    h("dl", { class: "facts wide" }, fact("For clients", about.url), fact("The same over TLS", about.tls_url), fact("Noise root key", about.root_key)),
    h("p", {}, h("a", { href: "/openapi.json" }, "The API, described"), " · version ", about.version),
  );
});

try { document.documentElement.dataset.theme = localStorage.getItem("theme") ?? ""; } catch { /* a browser without storage */ }
$("#theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).getPropertyValue("--is-dark").trim() === "1";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", dark ? "light" : "dark"); } catch { /* it is kept for this visit */ }
});

listen(
  (event) => {
    customer.happened(event);
    owner.happened(event);
    board.happened(event);
    soon();
  },
  (up) => {
    $("#live").textContent = up ? "live" : "the server does not answer";
    $("#live").classList.toggle("up", up);
    soon();
  },
);
// Accounts are made without an event: look now and then.
setInterval(() => document.hidden || soon(), 5000);
document.addEventListener("visibilitychange", () => document.hidden || soon());
refresh().then(async () => {
  const { last_event: last } = await get("server");
  for (const event of await get(`events?after=${Math.max(0, last - 60)}`)) board.happened(event);
}).catch(() => {});
