// Making elements, and how things are written.

/** An element: `h("button", { class: "x", onclick: f }, "text", child)`. Text is text, never markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-6 16-3-7-7-1z",
  plus: "M12 5v14M5 12h14",
  tick: "M3 12l5 5L18 6",
  ticks: "M1 12l5 5L16 6M11 16l1 1L22 6",
  clip: "M18 8l-8 8a3 3 0 0 1-4-4l9-9a4.5 4.5 0 0 1 6.400 6.400l-9 9",
  mic: "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  play: "M8 5v14l11-7z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  laptop: "M5 6h14v9H5zM3 18h18",
  phone: "M8 3h8v18H8zM11 18h2",
  chats: "M4 5h16v11H9l-5 4z",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  no: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.500 6.500l11 11",
};

/** A line icon. */
export function icon(name, kind = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${kind}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A round picture with the first letters of a name, in a colour of its own. */
export function avatar(name, number) {
  const letters = name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("");
  const hue = [...String(number)].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) % 12, 7);
  return h("span", { class: `avatar hue${hue}`, "aria-hidden": "true" }, letters.toUpperCase() || "?");
}

/** `255754000222` as people write it. */
export function written(number) {
  const digits = String(number);
  if (digits.length > 15) return digits;
  const country = digits.length > 10 ? digits.length - 9 : 0;
  const rest = digits.slice(country).replace(/(\d{3})(?=\d)/g, "$1 ");
  return country ? `+${digits.slice(0, country)} ${rest}` : rest;
}

export function clock(ms) {
  return new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function day(ms) {
  const date = new Date(ms);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return "Today";
  return date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

/** Says something for a moment, at the bottom of the page. */
export function toast(text, kind = "") {
  const note = h("p", { class: `toast ${kind}` }, text);
  document.querySelector("#toasts").append(note);
  setTimeout(() => note.remove(), kind === "bad" ? 8000 : 3500);
}

/** A dialog with a title; it goes when it is closed. */
export function dialog(title, ...content) {
  const box = h(
    "dialog",
    { class: "sheet", "aria-label": title },
    h("form", { method: "dialog", class: "sheet-head" }, h("h3", {}, title), h("button", { class: "quiet", "aria-label": "Close" }, "✕")),
    content,
  );
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.body.append(box);
  box.showModal();
  return box;
}

const MARKS = { "*": "strong", _: "em", "~": "s", "`": "code" };

/** Text with the marks that WhatsApp knows: *bold*, _italic_, ~struck~ and `code`. Made of elements, never of markup. */
export function marked(text) {
  const parts = [];
  let rest = text ?? "";
  for (let found; (found = /(^|[\s.,;:!?(])([*_~`])(\S(?:[^\n]*?\S)?)\2(?=$|[\s.,;:!?)])/m.exec(rest)); ) {
    const [whole, before, mark, inner] = found;
    parts.push(rest.slice(0, found.index) + before, h(MARKS[mark], {}, mark === "`" ? inner : marked(inner)));
    rest = rest.slice(found.index + whole.length);
  }
  return [...parts, rest];
}
