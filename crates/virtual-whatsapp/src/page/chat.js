// Chats on a phone: the list of them, and one of them. The customer's phone and the owner's are the same thing.

import { get, post } from "./api.js";
import { avatar, clock, day, dialog, h, icon, marked, toast, written } from "./dom.js";

const TICKS = { sent: ["tick", "Sent"], delivered: ["ticks", "Delivered"], read: ["ticks", "Read"] };
/** How long somebody is shown as typing who does not say that they stopped. */
const TYPING_MS = 12_000;

/** What a list shows of a message. */
function summary(body) {
  switch (body.kind) {
    case "text": return body.text;
    case "image": return `Photo ${body.caption}`;
    case "voice": return "Voice message";
    case "reaction": return `Reacted ${body.emoji}`;
    case "edit": return `Edited: ${body.text}`;
    case "delete": return "Deleted a message";
    default: return [inWords(body.what ?? ""), body.text].filter(Boolean).join(": ");
  }
}

/** The name of a kind as people say it. */
function inWords(name) {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Applies edits, deletions and reactions to the messages that they are about. */
function folded(entries) {
  const shown = [];
  const byId = new Map();
  for (const entry of entries) {
    const { body } = entry;
    const about = byId.get(body.of ?? (body.kind === "reaction" ? body.to : undefined));
    if (about && body.kind === "edit") Object.assign(about, { text: body.text, edited: true });
    else if (about && body.kind === "delete") about.deleted = true;
    else if (about && body.kind === "reaction") body.emoji ? about.reactions.set(entry.from, body.emoji) : about.reactions.delete(entry.from);
    else {
      const message = { ...entry, text: body.text ?? body.caption, reactions: new Map(), quoted: byId.get(entry.quotes) };
      byId.set(entry.id, message);
      shown.push(message);
    }
  }
  return shown;
}

export class Chats {
  /** `make` makes somebody to be, while nobody is there. */
  constructor(root, { business, world, make }) {
    this.root = root;
    this.business = business;
    this.world = world;
    this.make = make;
    this.me = undefined;
    this.with = null;
    this.typing = new Map();
    this.read = new Set();
    this.drawn = "";
    this.list = h("div", { class: "screen chats" });
    this.conversation = h("div", { class: "screen conversation", hidden: true });
    root.append(this.list, this.conversation);
    this.makeConversation();
  }

  makeConversation() {
    this.title = h("div", { class: "peer" });
    this.messages = h("div", { class: "messages", tabindex: "0", role: "log", "aria-label": "Messages" });
    this.input = h("textarea", { rows: "1", placeholder: "Message", "aria-label": "Message" });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.sendText();
    });
    this.input.addEventListener("input", () => this.types());
    const form = h(
      "form",
      { class: "composer", onsubmit: (event) => { event.preventDefault(); this.sendText(); } },
      !this.business && h("button", { type: "button", class: "round", "aria-label": "Send something else", onclick: () => this.more() }, icon("plus")),
      this.input,
      h("button", { class: "round go", "aria-label": "Send" }, icon("send", "full")),
    );
    this.conversation.append(
      h("div", { class: "bar" }, h("button", { class: "round", "aria-label": "All chats", onclick: () => this.open(null) }, icon("back")), this.title),
      this.messages,
      form,
    );
  }

  /** From now on this is the phone of `number`. */
  async become(number) {
    if (this.me === number) return;
    this.me = number;
    this.with = null;
    this.drawn = "";
    if (!number) return this.drawNobody();
    await this.refresh();
    const last = this.known?.[0]?.chat;
    const partner = this.world.accounts.find((account) => account.business && account.number !== number);
    if (!this.business) this.open(last ?? partner?.number ?? null, false);
    else this.open(null, false);
  }

  drawNobody() {
    this.list.replaceChildren(
      h("div", { class: "bar" }, h("h3", {}, "Chats")),
      h(
        "div",
        { class: "rows" },
        h("p", { class: "empty" }, this.business ? "A business has a phone, and its bot is a device linked to it." : "Be a customer: write to a bot and see what it answers."),
        h("button", { class: "primary", onclick: () => this.make() }, this.business ? "Make a phone" : "Make a customer"),
      ),
    );
  }

  open(chat, focus = true) {
    this.with = chat;
    this.drawn = "";
    this.list.hidden = chat !== null;
    this.conversation.hidden = chat === null;
    this.refresh().then(() => focus && chat !== null && this.input.focus());
  }

  name(number) {
    return this.world.accounts.find((account) => account.number === number)?.name ?? written(number);
  }

  async refresh() {
    if (!this.me) return;
    try {
      const me = this.me;
      const query = new URLSearchParams({ with: this.with ?? "", limit: 200 });
      const [chats, entries] = await Promise.all([
        get(`accounts/${me}/chats`),
        this.with ? get(`accounts/${me}/messages?${query}`) : [],
      ]);
      if (me !== this.me) return;
      this.known = chats;
      this.drawList(chats);
      if (this.with) this.drawConversation(entries);
    } catch (refusal) {
      if (refusal.status !== 0) toast(refusal.message, "bad");
    }
  }

  drawList(chats) {
    const open = new Set(chats.map((chat) => chat.chat));
    const others = this.business ? [] : this.world.accounts.filter((account) => account.business && !open.has(account.number));
    const drawn = JSON.stringify([this.me, chats, others.map(({ number, name }) => [number, name])]);
    // Drawn again only when something has changed: whoever is on a row with the keyboard stays there.
    if (drawn === this.drawnList) return;
    this.drawnList = drawn;
    const row = (number, name, text, time) => h(
      "button",
      { class: "row", onclick: () => this.open(number) },
      avatar(name, number),
      h("span", { class: "row-text" }, h("strong", {}, name), h("span", {}, text)),
      time && h("time", {}, time),
    );
    this.list.replaceChildren(
      h("div", { class: "bar" }, h("h3", {}, "Chats")),
      h(
        "div",
        { class: "rows" },
        chats.map((chat) => row(chat.chat, chat.name, summary(chat.last.body), clock(chat.last.at_ms))),
        others.map((account) => row(account.number, account.name, "Tap to write the first message", null)),
        !chats.length && !others.length && h("p", { class: "empty" }, this.business
          ? "No chats yet. What customers write, and what the bot answers, appears here."
          : "There is no business to write to yet. Make one on the owner’s phone."),
      ),
    );
  }

  drawConversation(entries) {
    const partner = this.world.accounts.find((account) => account.number === this.with);
    const devices = this.world.devices.get(this.with) ?? [];
    const typing = this.typing.get(this.with) > Date.now();
    const state = typing ? "typing…"
      : partner?.business && !devices.length ? "no bot is linked"
      : devices.some((device) => device.active) ? "online"
      : devices.length ? "bot is away: messages wait for it"
      : written(this.with);
    this.title.replaceChildren(
      avatar(this.name(this.with), this.with),
      h("div", {}, h("strong", {}, this.name(this.with)), h("span", { class: typing ? "typing" : "" }, state)),
    );
    const drawn = JSON.stringify([entries, typing]);
    if (drawn === this.drawn) return;
    const first = this.drawn === "";
    this.drawn = drawn;
    const near = this.messages.scrollHeight - this.messages.scrollTop - this.messages.clientHeight < 120;
    const children = [h("p", { class: "notice" }, "Messages are end-to-end encrypted, for real. Both phones are virtual.")];
    let lastDay = "";
    let lastFrom = "";
    for (const message of folded(entries)) {
      const when = day(message.at_ms);
      if (when !== lastDay) children.push(h("p", { class: "day" }, when));
      children.push(this.bubble(message, message.from !== lastFrom || when !== lastDay));
      [lastDay, lastFrom] = [when, message.from];
    }
    if (typing) children.push(h("div", { class: "bubble in dots", "aria-label": "typing" }, h("i"), h("i"), h("i")));
    this.messages.replaceChildren(...children);
    if (first || near) this.messages.scrollTop = this.messages.scrollHeight;
    this.readAll(entries);
  }

  bubble(message, first) {
    const out = message.direction === "out";
    const { body } = message;
    const content = message.deleted ? h("span", { class: "gone" }, icon("no"), " This message was deleted")
      : body.kind === "image" ? [h("span", { class: "photo" }, icon("picture")), message.text]
      : body.kind === "voice" ? h("span", { class: "voice" }, icon("play", "full"), h("i", { class: "wave" }), `0:${String(body.seconds).padStart(2, "0")}`)
      : body.kind === "text" ? marked(message.text)
      : h("span", { class: "gone" }, summary(body));
    const quote = message.quoted && !message.deleted && h("span", { class: "quote" }, message.quoted.text ?? summary(message.quoted.body));
    const [mark, word] = TICKS[message.tick];
    return h(
      "div",
      { class: `bubble ${out ? "out" : "in"} ${first ? "first" : ""}` },
      out && message.from_device > 0 && h("span", { class: "by" }, "bot"),
      quote,
      h("span", { class: "text" }, content),
      h(
        "span",
        { class: "meta" },
        message.arrivals > 1 && h("b", { class: "twice", title: "The same id came more than once" }, `×${message.arrivals} `),
        message.edited && "edited ",
        h("time", { title: new Date(message.at_ms).toLocaleString() }, clock(message.at_ms)),
        out && h("span", { class: `tick-${message.tick}`, title: word, role: "img", "aria-label": word }, icon(mark)),
      ),
      message.reactions.size > 0 && h("span", { class: "reactions" }, [...message.reactions.values()].join("")),
    );
  }

  /** Whoever looks at a chat has read it: the sender's device is told. */
  readAll(entries) {
    if (this.business || document.hidden) return;
    for (const entry of entries) {
      if (entry.direction === "out" || entry.from_device === 0 || this.read.has(entry.id)) continue;
      this.read.add(entry.id);
      post(`accounts/${this.me}/messages/${encodeURIComponent(entry.id)}/read`, { with: this.with }).catch(() => {});
    }
  }

  types() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
    if (this.business) return;
    const say = (typing) => post(`accounts/${this.me}/typing`, { with: this.with, typing }).catch(() => {});
    if (!this.stop) say(true);
    clearTimeout(this.stop);
    this.stop = setTimeout(() => { this.stop = 0; say(false); }, 3000);
  }

  sendText() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.types();
    this.send({ kind: "text", text }).catch(() => { this.input.value = text; });
  }

  async send(body, how = {}) {
    try {
      await post(`accounts/${this.me}/messages`, { chat: this.with, body, ...how });
    } catch (refusal) {
      const none = refusal.word === "no-keys-yet" ? "The bot is being linked: try again in a moment." : refusal.message;
      toast(none, "bad");
      throw refusal;
    }
    this.messages.scrollTop = this.messages.scrollHeight;
    await this.refresh();
  }

  /** What phones send besides text. */
  more() {
    const lastIn = [...this.messages.querySelectorAll(".bubble.in")].length > 0;
    const entries = async () => get(`accounts/${this.me}/messages?${new URLSearchParams({ with: this.with })}`);
    const last = async (direction) => (await entries()).filter((entry) => entry.direction === direction && ["text", "image"].includes(entry.body.kind)).pop();
    const pick = (label, name, act) => h("button", { class: "pick", onclick: async () => { box.close(); await act().catch(() => {}); } }, icon(name), label);
    const box = dialog(
      "Send something else",
      h(
        "div",
        { class: "picks" },
        pick("A photo", "picture", () => this.send({ kind: "image", caption: this.input.value.trim() })),
        pick("A voice message", "mic", () => this.send({ kind: "voice", seconds: 7 })),
        lastIn && pick("👍 to the last answer", "chats", async () => this.send({ kind: "reaction", to: (await last("in")).id, emoji: "👍" })),
        pick("Edit my last message", "clip", async () => {
          const mine = await last("out");
          if (mine) await this.send({ kind: "edit", of: mine.id, text: `${mine.body.text ?? ""} (edited)` });
        }),
        pick("Delete my last message", "no", async () => {
          const mine = await last("out");
          if (mine) await this.send({ kind: "delete", of: mine.id });
        }),
        pick("Anything else…", "plus", () => this.anything()),
        pick("Call", "phone", async () => { await post(`accounts/${this.me}/calls`, { with: this.with }); toast("It rings. Bots decline calls, or let them ring."); }),
      ),
    );
  }

  /** Every kind there is, in every wrapper, along every way. */
  async anything() {
    const { kinds, wrappers } = await get("kinds");
    const choice = (label, options) => {
      const select = h("select", { "aria-label": label }, options.map(([value, text]) => h("option", { value }, text)));
      return { select, row: h("label", {}, label, select) };
    };
    const kind = choice("Kind", kinds.filter((one) => one.kind !== "raw").map((one) => [one.kind, inWords(one.kind)]));
    const wrapper = choice("Wrapped in", [["", "nothing"], ...wrappers.map((one) => [one, inWords(one)])]);
    const way = choice("As", [["chat", "a message in this chat"], ["status", "a status"], ["list", "a message to a broadcast list"], ["newsletter", "a message of a newsletter"]]);
    const words = h("input", { "aria-label": "Words", placeholder: "What it says, if not the usual" });
    const by = h("input", { type: "checkbox", "aria-label": "Under a LID" });
    const ways = { chat: "chat", status: "status", list: { list: "1700000000" }, newsletter: { newsletter: "120363000000000001" } };
    const submit = async (event) => {
      event.preventDefault();
      const body = { kind: kind.select.value };
      if (words.value.trim()) body.text = words.value.trim();
      if (wrapper.select.value) body.wrap = [wrapper.select.value];
      const sent = await this.send(body, { via: ways[way.select.value], by_lid: by.checked }).then(() => true, () => false);
      if (sent) box.close();
    };
    const box = dialog(
      "Send anything",
      h(
        "form",
        { onsubmit: submit },
        kind.row,
        h("label", {}, "Words", words),
        wrapper.row,
        way.row,
        h("label", { class: "check" }, by, "The sender is named by LID"),
        h("button", { class: "primary" }, "Send it"),
      ),
    );
  }

  /** An event that shows in a chat. */
  happened(event) {
    if (event.event === "typing" && event.to === this.me) {
      const typing = event.state === "composing";
      this.typing.set(event.number, typing ? Date.now() + TYPING_MS : 0);
      // At once: an answer may come before the page would look again.
      this.refresh();
      if (typing) setTimeout(() => this.refresh(), TYPING_MS + 50);
    }
    if (event.event === "received" && event.by === this.me) this.typing.set(event.from, 0);
  }
}
