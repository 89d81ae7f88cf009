/* What the portal's pages do beside flowhq.js: parts that stay true while a page is open, forms that are sent once and
   forget nothing, links whose secret stays out of addresses. Pages do their work without it, and nothing in here builds HTML. */
(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const body = document.body;

  // Live parts: [data-live="status code"] with an id. What changed is asked for as the whole page, which is small, and is laid
  // over those parts, so that what is the same stays as it is: an open menu, the focus, a field in hand.
  let wanted = new Set();
  let timer = null;
  let asking = false;
  const listens = (part, kinds) => kinds.has("all") || (part.dataset.live ?? "").split(" ").some((kind) => kinds.has(kind));
  async function refresh() {
    timer = null;
    if (asking) { timer = setTimeout(refresh, 300); return; }
    const kinds = wanted;
    wanted = new Set();
    if (!all("[data-live]").some((part) => listens(part, kinds))) return;
    asking = true;
    try {
      const response = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
      const leads = () => location.assign(response.url);
      if (response.redirected) { if (new URL(response.url).pathname.startsWith("/auth/")) window.flowhq.signedOut(leads); else leads(); return; }
      if (!response.ok) { away(true); return; }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of all("[data-live]")) {
        const fresh = part.id && page.getElementById(part.id);
        if (!fresh || !listens(part, kinds)) continue;
        for (const scripted of all("[data-scripted]", fresh)) scripted.hidden = false;
        if (window.flowhq.over(part, document.adoptNode(fresh))) requestAnimationFrame(() => part.classList.add("changed"));
      }
      away(false);
      document.dispatchEvent(new Event("htmx:afterSettle"));
      arrived();
    } catch { away(true); } finally { asking = false; }
  }
  function news(kind) { wanted.add(kind); timer ??= setTimeout(refresh, 250); }

  // The line: a page that is no longer live says so.
  function away(is) { for (const note of all(is ? "[data-away]" : "[data-away], [data-out]")) note.hidden = !is; body.classList.toggle("stale", is); }
  let stream = null;
  let lost = null;
  function follow() {
    const address = body.dataset.follow;
    if (!address || stream || document.hidden) return;
    stream = new EventSource(address);
    const back = stream;
    stream.addEventListener("open", () => { clearTimeout(lost); lost = null; away(false); if (back.missed) news("all"); back.missed = false; });
    stream.addEventListener("error", () => {
      back.missed = true;
      // A stream ends with the session, too: asking once tells which it was.
      lost ??= setTimeout(() => { lost = null; if (navigator.onLine) news("all"); else away(true); }, 1500);
      if (back.readyState === EventSource.CLOSED) { stream = null; setTimeout(follow, 5000); }
    });
    for (const kind of ["status", "code", "chat", "tick", "handOff", "record"]) stream.addEventListener(kind, () => news(kind));
  }
  function leave() { stream?.close(); stream = null; }

  // A page that is only passed through: [data-leave="/app/status"], after three seconds.
  function arrived() {
    const gone = document.querySelector("[data-leave]:not([data-leaving])");
    if (!gone) return;
    gone.dataset.leaving = "";
    // Not where it was put away meanwhile, such as by a phone that was removed.
    setTimeout(() => { if (gone.isConnected && gone.dataset.leave) location.assign(gone.dataset.leave); }, 3000);
  }

  // What was typed is kept until it was sent: form[data-keep="name"]. Never a password.
  const store = { get: (key) => { try { return JSON.parse(localStorage.getItem(key) ?? "null"); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept, then */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } } };
  const kept = (form) => all("input, textarea, select", form).filter((field) => field.name && !["password", "hidden", "file"].includes(field.type));
  function keep(form) {
    const values = {};
    for (const field of kept(form)) {
      if (field.type !== "radio" && field.type !== "checkbox") values[field.name] = field.value;
      else if (field.checked) values[field.name] = [...(values[field.name] ?? []), field.value];
      else values[field.name] ??= [];
    }
    store.set(`keep:${form.dataset.keep}`, values);
  }
  function restore(form) {
    const values = store.get(`keep:${form.dataset.keep}`);
    // What the server says is wrong is shown as it was sent.
    if (!values || form.querySelector("[data-invalid]")) return;
    for (const field of kept(form)) {
      const value = values[field.name];
      if (value === undefined) continue;
      if (Array.isArray(value)) field.checked = value.includes(field.value);
      else if (!field.value || field.tagName === "TEXTAREA") field.value = value;
    }
  }

  // A form is sent once, and not into a line that is away.
  function submits(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (!navigator.onLine) { event.preventDefault(); away(true); return; }
    if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
    form.dataset.sent = "";
    for (const button of all("button[type=submit]", form)) button.setAttribute("aria-busy", "true");
    if (form.dataset.keep) store.drop(`keep:${form.dataset.keep}`);
    setTimeout(() => unsent(form), 15000);
    if (new URL(form.action).pathname === "/auth/sign-out" && "serviceWorker" in navigator) { event.preventDefault(); quiet(form); }
  }
  // Whoever signs out is told nothing more in this browser: its push service answers from then on that it is gone.
  async function quiet(form) {
    const gone = async () => {
      const worker = await navigator.serviceWorker.getRegistration();
      await (await worker?.pushManager?.getSubscription())?.unsubscribe();
    };
    // Without such a service nothing was told; and a slow one keeps nobody signed in.
    await Promise.race([gone().catch(() => {}), new Promise((done) => setTimeout(done, 1500))]);
    form.submit();
  }
  function unsent(form) {
    delete form.dataset.sent;
    for (const button of all("button[aria-busy]", form)) button.removeAttribute("aria-busy");
  }

  // A link's secret stands behind the "#", which no server sees; it is taken out of the address before anything else.
  function token() {
    const form = document.querySelector("form[data-token]");
    if (!form || location.hash.length < 2) return;
    let secret;
    try { secret = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    history.replaceState(null, "", location.pathname + location.search);
    form.elements.namedItem("token").value = secret;
    form.requestSubmit();
  }

  // Hours: a day that is closed needs no times.
  function days() {
    for (const box of all("[data-day]")) {
      const open = box.checked;
      for (const field of all("input[type=time]", box.closest("[data-hours]"))) field.disabled = !open;
    }
  }

  // A word when a customer waits, by the browser's own push service: button[data-push] has the key that it is signed by.
  const pushes = "serviceWorker" in navigator && "PushManager" in window && window.Notification?.permission !== "denied";
  function offerPush() { for (const button of all("button[data-push]")) button.hidden = !(pushes && button.dataset.push); }
  async function push(button) {
    button.setAttribute("aria-busy", "true");
    try {
      const worker = await navigator.serviceWorker.ready;
      const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: button.dataset.push });
      const sent = await fetch("/app/settings/push", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(subscription) });
      if (sent.ok) location.assign("/app/settings?done=saved#told");
    } catch { button.hidden = true; /* the person said no, or the browser has no such service */ }
    button.removeAttribute("aria-busy");
  }

  document.addEventListener("submit", submits);
  document.addEventListener("input", (event) => { const form = event.target.closest?.("form[data-keep]"); if (form) keep(form); });
  document.addEventListener("change", (event) => { if (event.target.matches?.("[data-day]")) days(); });
  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-fill]");
    const field = chip?.form?.elements.namedItem(chip.dataset.fill);
    if (field) { field.value = chip.textContent; keep(chip.form); field.focus(); }
    const asks = event.target.closest?.("button[data-push]");
    if (asks) push(asks);
  });
  document.addEventListener("visibilitychange", () => document.hidden ? leave() : follow());
  // A link that is opened where its page stands already loads nothing anew.
  addEventListener("hashchange", token);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => { for (const form of all("form[data-sent]")) unsent(form); follow(); if (event.persisted) news("all"); });
  addEventListener("online", () => { away(false); news("all"); });
  addEventListener("offline", () => away(true));
  for (const form of all("form[data-keep]")) restore(form);
  days();
  offerPush();
  token();
  arrived();
  follow();
  navigator.serviceWorker?.register("/sw.js").catch(() => { /* a browser without, or a private window */ });
})();
