/* What was typed into a form that did not get through, since its sender had to sign in or to prove who they are first, is there
   again when they are back. Never a password, in this tab alone, and for half an hour. */
(() => {
  "use strict";
  const KEY = "typed";
  const kept = { get: () => { try { return JSON.parse(sessionStorage.getItem(KEY) ?? "null"); } catch { return null; } },
    set: (value) => { try { sessionStorage.setItem(KEY, JSON.stringify(value)); } catch { /* not kept, then */ } },
    drop: () => { try { sessionStorage.removeItem(KEY); } catch { /* nothing was kept */ } } };
  const here = () => location.pathname + location.search;
  // Pages that lie between what was sent and what is come back to.
  const between = () => /^\/(admin\/(sign-in|confirm)|auth)(\/|$)/.test(location.pathname);
  const action = (form) => form.getAttribute("action") ?? "";
  const fields = (form) => [...form.elements].filter((field) => field.name && field.matches("input, textarea, select")
    && !["password", "hidden", "file", "submit"].includes(field.type) && field.autocomplete !== "one-time-code");

  document.addEventListener("submit", ({ target: form }) => {
    if (form.method !== "post" || between()) return;
    const values = fields(form).map((field) => [field.name, field.value, field.checked]);
    if (values.length > 0) kept.set({ place: here(), action: action(form), values, at: Date.now() });
  }, true);

  document.addEventListener("DOMContentLoaded", () => {
    // What a part of the page has sent and got an answer for needs no keeping.
    document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful) kept.drop(); });
    const typed = kept.get();
    if (!typed) return;
    if (between()) { kept.set({ ...typed, refused: true }); return; }
    kept.drop();
    if (!typed.refused || typed.place !== here() || Date.now() - typed.at > 1_800_000) return;
    const form = [...document.forms].find((form) => form.method === "post" && action(form) === typed.action);
    if (form) again(form, typed.values);
  });

  function again(form, values) {
    const rest = [...values];
    for (const field of fields(form)) {
      const at = rest.findIndex(([name, value]) => name === field.name && (!["radio", "checkbox"].includes(field.type) || value === field.value));
      if (at < 0) continue;
      const [[, value, checked]] = rest.splice(at, 1);
      if (["radio", "checkbox"].includes(field.type)) field.checked = checked;
      else field.value = value;
    }
    for (let part = form.closest("details"); part; part = part.parentElement?.closest("details")) part.open = true;
    form.closest("[popover]")?.showPopover();
    const note = document.createElement("p");
    note.className = "banner warn";
    note.setAttribute("role", "status");
    note.textContent = document.documentElement.dataset.typed ?? "";
    form.prepend(note);
    note.scrollIntoView({ block: "center" });
  }
})();
