// The board: things that go wrong on purpose, and a list of what happens.

import { get, post, remove } from "./api.js";
import { clock, h, toast } from "./dom.js";

const ms = (shape, rest) => ({ by: { shape, ...rest } });
const FAULTS = [
  ["delay", "Slow network", "Everything reaches the bot late.", [["1 s", ms("fixed", { ms: 1000 })], ["mostly short, seldom long", ms("exponential", { mean_ms: 1500, most_ms: 10000 })]]],
  ["drop_after", "Line breaks", "The connection is cut without a word.", [["at once", { stanzas: 1 }], ["after 5 stanzas", { stanzas: 5 }]]],
  ["bandwidth", "Narrow line", "So many bytes a second reach the bot.", [["1 kB/s", { bytes_per_second: 1000 }], ["10 kB/s", { bytes_per_second: 10000 }]]],
  ["clock_skew", "Wrong clock", "WhatsApp's time is off by so much.", [["1 s ahead", { ms: 1000 }], ["1 h ahead", { ms: 3600000 }], ["1 day behind", { ms: -86400000 }]]],
  ["lose", "Lost", "A message to the bot is lost on the way, and comes again after a while."],
  ["half_open", "Line goes dead", "The connection stays open and nothing comes through."],
  ["no_ack", "No acknowledgement", "What the bot sends arrives and is not confirmed."],
  ["ack_without_delivery", "Confirmed and lost", "What the bot sends is confirmed and never arrives."],
  ["duplicate", "Twice", "Each message reaches the bot two times."],
  ["reorder", "Wrong order", "A message reaches the bot after the next one."],
  ["undecryptable", "Unreadable", "A message arrives damaged; the bot has to ask again."],
  ["ack_error", "Refused", "What the bot sends is refused.", [["463", { code: 463 }], ["479", { code: 479 }], ["500", { code: 500 }]]],
  ["refuse_strangers", "No first messages", "The bot may answer and not begin (463)."],
  ["rate_overlimit", "Too many requests", "Keys and device lists are refused (429)."],
  ["stream_error", "Stream error", "WhatsApp ends the connection.", [["503", { code: 503 }], ["515", { code: 515 }]]],
  ["replaced", "Replaced", "Another client has taken the session over."],
  ["refuse_login", "Login refused", "The next login fails.", [["503", { reason: 503 }], ["401", { reason: 401 }], ["403", { reason: 403 }], ["405", { reason: 405 }], ["409", { reason: 409 }]]],
  ["ban", "Temporary ban", "The number is shut out for an hour (402).", [["1 h", { seconds: 3600 }]]],
];
const LASTS = { once: { lasts: "times", times: 1 }, half: { lasts: "for", ms: 30000 }, on: { lasts: "always" } };
const MOVES = [["1 hour on", 3600], ["6 hours on", 21600], ["1 day on", 86400]];
/** Lines of what happens that are kept. */
const FEED = 80;

export class Board {
  constructor(root, feed, world) {
    this.root = root;
    this.feed = feed;
    this.world = world;
    this.scope = h("select", { "aria-label": "For whom", onchange: () => this.refresh() });
    this.lasts = h("select", { "aria-label": "How long" }, h("option", { value: "once" }, "once"), h("option", { value: "half" }, "for 30 seconds"), h("option", { value: "on", selected: true }, "until switched off"));
    this.rows = FAULTS.map(([name, title, text, choices]) => {
      const choice = choices && choices.length > 1 && h("select", { "aria-label": `${title}: how` }, choices.map(([label], n) => h("option", { value: n }, label)));
      const given = () => (choices ? choices[choice ? choice.value : 0][1] : {});
      const toggle = h("button", { role: "switch", "aria-checked": "false", class: "switch", "aria-label": title, onclick: () => this.flip(name, given()) });
      return { name, toggle, row: h("div", { class: "fault" }, h("span", {}, h("strong", {}, title), h("small", {}, text)), choice, toggle) };
    });
    this.later = this.mover();
    root.append(
      h("div", { class: "fault-head" }, h("label", {}, "For ", this.scope), this.lasts),
      h("div", { class: "fault-list" }, this.rows.map(({ row }) => row)),
      h(
        "div",
        { class: "fault-foot" },
        h("button", { class: "way", onclick: () => this.act(() => remove("faults"), "All is well again.") }, "All is well"),
        h("button", { class: "way", onclick: () => this.act(() => post("server/restart"), "Restarted, with everything kept.") }, "Restart the server"),
        this.later,
      ),
    );
    this.on = [];
  }

  /** Moves the clock of a demo, hidden where it goes by the machine's. */
  mover() {
    const by = h("select", { "aria-label": "How far" }, MOVES.map(([label, seconds]) => h("option", { value: seconds }, label)));
    const move = async () => {
      const { now_ms } = await post("server/clock", { seconds: Number(by.value) });
      toast(`It is ${new Date(now_ms).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })} now, for phones and bots.`, "good");
    };
    const later = h("span", { class: "mover", hidden: true }, by, h("button", { class: "way", onclick: () => this.act(move) }, "Move the clock"));
    get("server").then(({ clock_moves }) => { later.hidden = !clock_moves; }).catch(() => {});
    return later;
  }

  chosen() {
    const number = this.scope.value;
    return number ? { scope: "account", number } : { scope: "all" };
  }

  mine(name) {
    const { scope, number } = this.chosen();
    return this.on.filter((fault) => fault.fault === name && fault.scope === scope && fault.number === number);
  }

  async flip(name, given) {
    const on = this.mine(name);
    await this.act(async () => {
      if (on.length) await Promise.all(on.map((fault) => remove(`faults/${fault.id}`).catch(() => {})));
      else await post("faults", { fault: name, ...given, ...this.chosen(), ...LASTS[this.lasts.value] });
    });
  }

  async act(what, said) {
    try {
      await what();
      if (said) toast(said, "good");
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
    await this.refresh();
  }

  async refresh() {
    const businesses = this.world.accounts.filter((account) => account.business);
    const options = [["", "everybody"], ...businesses.map((account) => [account.number, account.name])];
    if (this.scope.options.length !== options.length) {
      const before = this.scope.value;
      this.scope.replaceChildren(...options.map(([value, label]) => h("option", { value }, label)));
      this.scope.value = before;
    }
    this.on = await get("faults").catch(() => this.on);
    for (const { name, toggle } of this.rows) toggle.setAttribute("aria-checked", String(this.mine(name).length > 0));
  }

  happened(event) {
    const text = told(event, (number) => this.world.accounts.find((account) => account.number === number)?.name ?? number);
    if (!text) return;
    const bad = ["fault", "login_refused", "undecryptable", "handshake_failed", "unknown_request", "code_refused"].includes(event.event);
    this.feed.prepend(h("li", { class: bad ? "bad" : "" }, h("time", {}, clock(event.at_ms)), text));
    while (this.feed.children.length > FEED) this.feed.lastChild.remove();
  }
}

/** An event in words, or nothing where it would only be noise. */
function told(event, name) {
  const bot = () => `${name(event.number)}’s device ${event.device}`;
  switch (event.event) {
    case "pairing_started": return "A device shows a QR code";
    case "pairing_expired": return "A QR code expired";
    case "code_requested": return `A device asks for a pairing code of ${name(event.number)}`;
    case "code_refused": return `A wrong pairing code for ${name(event.number)}`;
    case "linked": return `${bot()} was linked`;
    case "unlinked": return `${bot()} was unlinked ${event.by_phone ? "by the phone" : "by itself"}`;
    case "logged_in": return `${bot()} logged in (${event.pattern})`;
    case "login_refused": return `${bot()}: login refused with ${event.code}`;
    case "caught_up": return `${bot()} has caught up`;
    case "disconnected": return `${bot()} went away: ${event.reason}`;
    case "prekeys_uploaded": return `${bot()} uploaded ${event.new} keys`;
    case "sent": return `${name(event.from)} writes to ${name(event.to)}`;
    // What the bot says is on the owner's phone too, which is no news.
    case "received": return event.by === event.from ? null : `${name(event.by)} gets a message of ${name(event.from)}`;
    case "undecryptable": return `${name(event.by)} could not read a message of ${name(event.from)}`;
    case "receipt": return event.kind === "retry" ? `${bot()} asks for a message again` : event.kind === "read" ? `${bot()} has read a message` : null;
    case "call_rejected": return `${name(event.number)} declined a call`;
    case "unknown_request": return `${bot()} asked for something unknown`;
    case "handshake_failed": return `A handshake failed: ${event.reason}`;
    case "fault": return `Fault: ${event.what.replaceAll("_", " ")}`;
    case "listening": return "The server listens";
    case "stopped": return "The server stopped";
    default: return null;
  }
}
