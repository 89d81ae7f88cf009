/* The only script of our own: theme, keys, live changes, clocks, notices, search within a page. Pages do their work without it.
   Nothing in here builds HTML: what is shown comes rendered from the server. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Theme: the system's until somebody chooses. Set before anything is painted.
  const themes = { get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
    set: (theme) => { try { localStorage.setItem("theme", theme); } catch { /* kept for this page only */ } } };
  if (["light", "dark"].includes(themes.get())) root.dataset.theme = themes.get();
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  // Clocks: "12 s ago" stays true while the page is open, and codes count down.
  const count = (s) => s < 60 ? [0, s] : s < 3600 ? [1, Math.floor(s / 60)] : s < 86400 ? [2, Math.floor(s / 3600)] : [3, Math.floor(s / 86400)];
  // The words come with the page: "# s|# min|# h|# d", "# ago" of one and of many, and "in #".
  const said = (s) => {
    const [unit, n] = count(Math.abs(s));
    const { spans = "", ago = "", agoOne = "", ahead = "" } = root.dataset;
    const span = (spans.split("|")[unit] ?? "").replace("#", String(n));
    return (s < 0 ? ahead : n === 1 ? agoOne : ago).replace("#", span);
  };
  function tick() {
    for (const time of all("time[data-ago]")) {
      const s = Math.round((Date.now() - Date.parse(time.dateTime)) / 1000);
      const words = said(s);
      if (time.textContent !== words) time.textContent = words;
    }
    for (const ring of all("[data-countdown]")) {
      const left = Math.max(0, Math.ceil((Date.parse(ring.dataset.countdown) - Date.now()) / 1000));
      ring.dataset.full ||= String(Math.max(left, 20));
      const arc = ring.querySelector(".left");
      if (arc) arc.setAttribute("stroke-dashoffset", String(100 - (100 * left) / Number(ring.dataset.full)));
      const words = ring.querySelector("[data-left]");
      const { counting = "", over = "" } = ring.dataset;
      if (words) words.textContent = left > 0 ? counting.replace("#", String(left)) : over;
    }
    for (const toast of all("[data-toast]:not([data-timed])")) {
      toast.dataset.timed = "";
      if (!toast.classList.contains("bad")) setTimeout(() => toast.remove(), 6000);
    }
  }

  // Selection: a bar that says how many, and one box for all.
  const boxes = () => all("input[data-select]");
  const chosen = new Set();
  function selection() {
    const bar = document.querySelector("[data-selection]");
    if (!bar) return;
    const list = boxes();
    const count = list.filter((box) => box.checked).length;
    bar.hidden = count === 0;
    for (const word of all("[data-selected]")) word.textContent = String(count);
    for (const box of all("input[data-select-all]")) {
      box.checked = count > 0 && count === list.length;
      box.indeterminate = count > 0 && count < list.length;
    }
    for (const box of list) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  }

  // Live changes. One stream a page, closed while nobody sees the page: a browser allows six connections to a host.
  const body = () => document.body;
  const tell = (name, detail) => body().dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  let stream = null;
  let pending = new Set();
  let kinds = new Set();
  let moved = false;
  let timer = null;
  let wasHidden = false;
  function flush() {
    timer = null;
    const rows = document.querySelector("[data-live-rows]");
    // The tiles count all tenants, those on other pages too; a hundred rows at once, and the rest after them.
    const some = [...pending].slice(0, 100);
    if (rows && (some.length > 0 || moved)) {
      window.htmx?.ajax("GET", `${rows.dataset.liveRows}ids=${some.join(",")}`, { swap: "none", target: body() });
    }
    for (const id of some) pending.delete(id);
    moved = false;
    if (pending.size > 0) soon();
    for (const kind of kinds) tell(`live-${kind}`);
    kinds = new Set();
  }
  function soon() { timer ??= setTimeout(flush, 400); }
  function changed(change) {
    // How far a message has come is nothing that a row shows.
    if (change.kind !== "deliveries" && document.getElementById(`t-${change.tenant}`)) { pending.add(change.tenant); soon(); }
    if (change.kind === "status" && document.querySelector("[data-live-rows]")) { moved = true; soon(); }
    const only = body().querySelector("[data-tenant]")?.dataset.tenant;
    if (only === undefined || only === change.tenant) { kinds.add(change.kind); kinds.add("any"); soon(); }
  }
  function everything() {
    for (const row of all("tr[id^='t-']")) pending.add(row.id.slice(2));
    for (const kind of ["status", "qr", "pairing-code", "figures", "logs", "deliveries", "records", "hand-offs", "problem", "any"]) kinds.add(kind);
    soon();
  }
  function follow() {
    const address = body().dataset.stream;
    if (!address || stream || document.hidden) return;
    stream = new EventSource(address);
    stream.addEventListener("open", () => { alive(); out(false); if (wasHidden) everything(); wasHidden = false; });
    stream.addEventListener("error", () => {
      away();
      if (stream?.readyState === EventSource.CLOSED) { leave(); refused(); }
    });
    stream.addEventListener("change", (event) => { alive(); changed(JSON.parse(event.data)); });
    stream.addEventListener("alive", alive);
    stream.addEventListener("lost", () => { alive(); everything(); });
  }
  function leave() { stream?.close(); stream = null; wasHidden = true; clearTimeout(silence); }
  // A stream that was refused: where the session is over the whole page leads to where one signs in, and back; else again.
  async function refused() {
    const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") signedOut(() => location.reload());
    else setTimeout(follow, 3000);
  }
  // The session is over, as something learns that nobody has pressed. A page into which somebody has typed stays, and says so:
  // what they press then is theirs to press.
  function signedOut(leads) {
    if (!all("form").some(isTypedInto)) { leads(); return; }
    leave();
    out(true);
  }
  function out(is) { for (const note of all("[data-out]")) note.hidden = !is; }
  const isTypedInto = (form) => form.getAttribute("method")?.toLowerCase() === "post" && [...form.elements].some(isTyped);
  function isTyped(field) {
    if (field.matches("input[type=checkbox], input[type=radio]")) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return field.selectedIndex !== Math.max([...field.options].findIndex((option) => option.defaultSelected), 0);
    return field.matches("input:not([type=hidden]), textarea") && field.value !== field.defaultValue;
  }
  function answered(event) {
    const { xhr, requestConfig } = event.detail;
    const to = xhr.status === 401 && !requestConfig.triggeringEvent?.isTrusted && xhr.getResponseHeader("HX-Redirect");
    if (!to) return;
    event.preventDefault();
    signedOut(() => location.assign(to));
  }
  // The server says every few seconds that it is there: what is shown is no longer live once that has not been heard.
  let silence = null;
  function alive() { root.dataset.live = "on"; clearTimeout(silence); silence = setTimeout(away, 9000); }
  function away() { root.dataset.live = "off"; wasHidden = true; }

  // A part that comes anew is laid over the one that stands, so that only what changed is swapped: whoever has a menu open,
  // a field in hand or a place in the tab order keeps it.
  const typedIn = "input:not([type=checkbox], [type=hidden]), textarea, select";
  const inUse = (node) => {
    const at = document.activeElement;
    return at?.matches(typedIn) && node.contains(at) || node.matches?.("details.menu[open], dialog:popover-open") || node.querySelector?.("details.menu[open], dialog:popover-open");
  };
  // What was noted on a part by a script stays: how far a chat was shown, how long a code was good for, that a page is left.
  const noted = { "data-bottom": "data-bottom", "data-full": "data-countdown", "data-leaving": "data-leave" };
  const stays = (old, fresh, name) => name in noted && fresh.hasAttribute(noted[name]) && (noted[name] === name || old.getAttribute(noted[name]) === fresh.getAttribute(noted[name]));
  function lay(old, fresh) {
    if (old.isEqualNode(fresh)) return false;
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeType === Node.ELEMENT_NODE && inUse(old)) return false;
      old.replaceWith(fresh.cloneNode(true));
      return true;
    }
    if (old.matches("details") && old.open) fresh.setAttribute("open", "");
    const kept = [...old.attributes].map(({ name }) => name).filter((name) => stays(old, fresh, name));
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value && !kept.includes(name)) old.setAttribute(name, value);
    if (old.matches("input, textarea, select") ) return false;
    const [were, are] = [[...old.childNodes], [...fresh.childNodes]];
    if (were.length !== are.length) {
      if (inUse(old)) return false;
      old.replaceChildren(...are.map((node) => node.cloneNode(true)));
      window.htmx?.process(old);
      return true;
    }
    return were.map((node, at) => lay(node, are[at])).some(Boolean);
  }
  // The same, with the focus where it was: a button that had it and comes again has it again.
  function over(target, fresh) {
    target.classList.remove("changed");
    const focused = target.contains(document.activeElement) ? document.activeElement : null;
    const same = focused && ["id", "formaction", "href"].map((name) => [name, focused.getAttribute(name)]).find(([, value]) => value);
    const moved = lay(target, fresh);
    if (focused && !focused.isConnected && same) all(`[${same[0]}]`, target).find((one) => one.getAttribute(same[0]) === same[1])?.focus();
    window.htmx?.process(target);
    return moved;
  }
  window.flowhq = { over, signedOut };
  function laid(event) {
    const { target } = event.detail;
    if (!target?.matches?.("[data-lay]")) return;
    const text = event.detail.serverResponse;
    const parts = text === undefined ? event.detail.fragment : new DOMParser().parseFromString(`<template>${text}</template>`, "text/html").querySelector("template").content;
    const fresh = parts.querySelector(`#${CSS.escape(target.id)}`);
    if (!fresh) return;
    event.detail.shouldSwap = false;
    fresh.removeAttribute("hx-swap-oob");
    const own = document.importNode(fresh, true);
    const marked = own.classList.contains("changed");
    own.classList.remove("changed");
    if (over(target, own) && marked) requestAnimationFrame(() => target.classList.add("changed"));
    // What comes beside it, in the same way: nothing else swaps it now.
    for (const other of text === undefined ? [] : parts.querySelectorAll("[hx-swap-oob='true']")) {
      const stands = document.getElementById(other.id);
      other.removeAttribute("hx-swap-oob");
      if (stands && other !== fresh) over(stands, document.importNode(other, true));
    }
    arrived();
  }

  // A search through what is on the page already: each part says in data-find what it is found by.
  function filter(box) {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const parts = all(box.dataset.filter);
    for (const part of parts) part.hidden = !words.every((word) => part.dataset.find.includes(word));
    for (const group of all("[data-group]")) group.hidden = !group.querySelector("[data-find]:not([hidden])");
    const counted = parts.filter((part) => "counted" in part.dataset);
    const found = counted.filter((part) => !part.hidden).length;
    for (const say of all("[data-filtered]")) {
      const { words: some, nothing } = say.dataset;
      say.textContent = words.length === 0 ? "" : found > 0 ? some.replace("#", String(found)).replace("@", String(counted.length)) : nothing;
    }
  }
  // A link into a part that a search has put away shows everything again.
  function shown() {
    const part = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("[data-find][hidden]");
    const box = part && document.querySelector("input[data-filter]");
    if (box) { box.value = ""; filter(box); part.scrollIntoView(); }
  }

  // Copying: the button says that it was done, or the text is selected where a browser does not allow it.
  async function copied(button, text) {
    const words = button.textContent;
    try { await navigator.clipboard.writeText(text); button.textContent = button.dataset.copied ?? "Copied"; }
    catch {
      const shown = button.closest("[data-code]")?.querySelector("pre");
      if (shown) getSelection()?.selectAllChildren(shown);
      button.textContent = button.dataset.selected ?? "Selected";
    }
    button.disabled = true;
    setTimeout(() => { button.textContent = words; button.disabled = false; }, 1500);
  }

  // Keys: "/" searches, arrows or j and k walk the rows, Enter opens, x selects, "?" lists them.
  function walk(step) {
    const links = all("tbody a.name");
    if (links.length === 0) return;
    const at = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
    links[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step, 0), links.length - 1)].focus();
  }
  function keys(event) {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (event.key === "Escape" && typing?.type === "search") typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = document.activeElement?.closest?.("tbody tr");
    const step = { j: 1, k: -1 }[event.key] ?? (row ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined);
    if (event.key === "/") { const search = document.querySelector("input[type=search]"); if (search) { search.focus(); search.select(); event.preventDefault(); } }
    else if (event.key === "?") { const list = document.getElementById("keys"); if (list) { list.togglePopover(); event.preventDefault(); } }
    else if (step) { walk(step); event.preventDefault(); }
    else if (event.key === "x" && row) { row.querySelector("input[data-select]")?.click(); event.preventDefault(); }
  }

  function clicks(event) {
    const at = event.target;
    if (at.closest("[data-theme-switch]")) { root.dataset.theme = isDark() ? "light" : "dark"; themes.set(root.dataset.theme); }
    const away = at.closest("[data-remove]");
    away?.closest(away.dataset.remove)?.remove();
    at.closest("[data-dismiss]")?.closest("[data-toast]")?.remove();
    if (at.closest("[data-unselect]")) { for (const box of boxes()) box.checked = false; chosen.clear(); selection(); }
    const copy = at.closest("[data-copy]");
    if (copy) copied(copy, copy.dataset.copy || copy.closest("[data-code]")?.querySelector("pre")?.textContent || "");
    for (const menu of all("details.menu[open]")) if (!menu.contains(at) || at.closest(".menu-list .btn")) menu.open = false;
  }
  function changes(event) {
    const at = event.target;
    if (at.matches("input[data-select-all]")) for (const box of boxes()) box.checked = at.checked;
    if (at.matches("input[data-select], input[data-select-all]")) {
      for (const box of boxes()) { if (box.checked) chosen.add(box.value); else chosen.delete(box.value); }
      selection();
    }
    if (at.matches("[data-submit]")) at.form?.requestSubmit();
  }
  // A part that came anew: what was chosen stays chosen, and the newest message is in sight.
  function arrived() {
    for (const box of boxes()) if (chosen.has(box.value)) box.checked = true;
    for (const chat of all("[data-bottom]")) if (chat.dataset.bottom !== chat.lastElementChild?.id) {
      chat.dataset.bottom = chat.lastElementChild?.id ?? "";
      chat.scrollTop = chat.scrollHeight;
    }
    selection();
    for (const part of all("[data-scripted][hidden]")) part.hidden = false;
    tick();
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of all("[data-theme-switch]")) button.hidden = false;
    document.addEventListener("keydown", keys);
    document.addEventListener("click", clicks);
    document.addEventListener("change", changes);
    // A question is answered once its form has been sent: hidden before, its button would lose the focus, and htmx the button.
    document.addEventListener("submit", (event) => { if (event.submitter?.matches("[data-closes]")) event.submitter.closest("[popover]")?.hidePopover(); });
    document.addEventListener("input", (event) => { if (event.target.matches?.("input[data-filter]")) filter(event.target); });
    addEventListener("hashchange", shown);
    document.addEventListener("htmx:afterSettle", arrived);
    document.addEventListener("htmx:oobAfterSwap", arrived);
    document.addEventListener("htmx:beforeSwap", laid);
    document.addEventListener("htmx:oobBeforeSwap", laid);
    document.addEventListener("htmx:sendError", away);
    document.addEventListener("htmx:beforeOnLoad", answered);
    document.addEventListener("visibilitychange", () => document.hidden ? leave() : follow());
    addEventListener("pagehide", leave);
    addEventListener("pageshow", follow);
    setInterval(tick, 1000);
    arrived();
    follow();
    // Where the bar is wider than the window, the page that is open is in sight in it.
    for (const here of all(".nav [aria-current]")) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
    // Contents lie beside the page where there is room, and else above it, where they would be in the way.
    for (const part of all("details[data-wide]")) part.open = matchMedia("(min-width: 1000px)").matches;
    // A browser that goes back may have kept what was searched for.
    for (const box of all("input[data-filter]")) if (box.value) filter(box);
  });
})();
