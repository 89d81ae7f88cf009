// The owner's phone: linked devices, as people know the screen.

import { remove } from "./api.js";
import { day, clock, dialog, h, icon, toast } from "./dom.js";
import { linkDevice } from "./scanner.js";

export class Linked {
  constructor(root, { world, changed, make }) {
    this.root = root;
    this.world = world;
    this.changed = changed;
    this.make = make;
    this.drawn = "";
  }

  draw(number) {
    const devices = this.world.devices.get(number) ?? [];
    const drawn = JSON.stringify([number, devices.map(({ queue, prekeys, messages_in, messages_out, unacknowledged, logins, ...shown }) => shown)]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.root.replaceChildren(
      h("div", { class: "bar" }, h("h3", {}, "Linked devices")),
      h(
        "div",
        { class: "rows" },
        h("div", { class: "hero" }, icon("laptop"), icon("phone"), h("p", {}, "Use WhatsApp on other devices. A bot is one of them.")),
        number
          ? h("button", { class: "primary", onclick: () => this.link(number) }, "Link a device")
          : h("button", { class: "primary", onclick: () => this.make() }, "Make a phone first"),
        devices.length > 0 && h("h4", {}, "Device status", h("small", {}, "Tap a device to log it out.")),
        devices.map((device) => this.row(number, device)),
        !devices.length && h("p", { class: "empty" }, "No device is linked. Show the code that your bot gives (in Flow HQ: flowhq qr, or the dashboard) and link it here."),
      ),
      h("p", { class: "notice" }, "Your personal messages are end-to-end encrypted on all your devices."),
    );
  }

  row(number, device) {
    const seen = device.active ? "Active now"
      : device.connected ? "Connecting…"
      : device.last_seen ? `Last active ${day(device.last_seen * 1000).toLowerCase()}, ${clock(device.last_seen * 1000)}`
      : "Never seen";
    return h(
      "button",
      { class: "row", onclick: () => this.about(number, device) },
      h("span", { class: "avatar device" }, icon("laptop")),
      h("span", { class: "row-text" }, h("strong", {}, device.platform || "Device"), h("span", { class: device.active ? "on" : "" }, seen)),
    );
  }

  about(number, device) {
    const fact = (name, value) => [h("dt", {}, name), h("dd", {}, String(value))];
    const box = dialog(
      device.platform || `Device ${device.device}`,
      h(
        "dl",
        { class: "facts" },
        fact("Linked", new Date(device.linked_at * 1000).toLocaleString()),
        fact("Waiting for it", device.queue),
        fact("Not yet confirmed", device.unacknowledged),
        fact("One-time keys left", device.prekeys),
        fact("Messages to it, from it", `${device.messages_out}, ${device.messages_in}`),
        fact("Logins", device.logins),
      ),
      h("button", {
        class: "danger",
        onclick: async () => {
          box.close();
          await remove(`accounts/${number}/devices/${device.device}`).then(() => toast("Logged out."), (refusal) => toast(refusal.message, "bad"));
          this.changed();
        },
      }, "Log out"),
    );
  }

  async link(number) {
    const device = await linkDevice(number);
    if (device) toast(`Linked: ${device.platform || "a device"}`, "good");
    this.changed();
  }
}
