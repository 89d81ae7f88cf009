/* Shows what is pushed, and opens the page that it is about. It keeps no page and answers no request. */
"use strict";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data?.json() ?? {}; } catch { /* a push without words still says that there is something */ }
  const { title = "Flow HQ", body = "", tag, url = "/app/messages", lang } = said;
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, renotify: Boolean(tag), data: { url } }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // A page of this site and no other, whatever was pushed.
  const wanted = new URL(event.notification.data?.url ?? "/", self.location.origin);
  const url = wanted.origin === self.location.origin ? wanted.href : self.location.origin;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window" });
    const there = open.find((client) => client.url === url) ?? open[0];
    if (!there) return self.clients.openWindow(url);
    await there.focus();
    if (there.url !== url) await there.navigate(url);
  })());
});
