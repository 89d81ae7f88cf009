// Pictures of every page of dashboard and portal: three widths, two themes, the
// portal in both languages; no tenant, three, a thousand; a name of eighty characters, a worker in ERROR. Run by scripts/screenshots, which says where they go.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fleet } from "./fleet.mjs";
import { LONG_NAME, SIZES, World, browser as launch, operator, owner as visitor } from "./world.mjs";

const into = process.argv[2];
const only = process.argv[3] ? new RegExp(process.argv[3]) : /./;
await mkdir(into, { recursive: true });
const world = await World.start();
const browser = await launch();
const pages = [];
for (const [width, size] of Object.entries(SIZES)) {
  for (const theme of ["light", "dark"]) {
    const page = await operator(browser, world, size, { colorScheme: theme });
    pages.push({ page, name: `${size.width}-${theme}`, width });
  }
}

async function shoot(what, path, ready) {
  if (!only.test(what)) return;
  for (const { page, name } of pages) {
    await page.goto(path);
    if (ready) await ready(page);
    await page.screenshot({ path: join(into, `${what}-${name}.png`), fullPage: size(page) });
  }
  console.log(what);
}
const size = (page) => page.viewportSize().width !== 1440;

/** The owners' pages in seven browsers: on a phone and a tablet in Swahili, on a desk in English, and on a phone in English for
    the guide. */
async function portal({ salon, waiting, removed }) {
  const owners = [];
  for (const [width, size] of Object.entries(SIZES)) {
    for (const theme of ["light", "dark"]) {
      const locale = width === "desk" ? "en-GB" : "sw-TZ";
      const options = { locale, colorScheme: theme, isMobile: width === "phone", hasTouch: width === "phone" };
      owners.push({ page: await visitor(browser, world, size, options), name: `${size.width}-${theme}` });
    }
  }
  const english = { locale: "en-GB", colorScheme: "light", isMobile: true, hasTouch: true };
  owners.push({ page: await visitor(browser, world, SIZES.phone, english), name: `${SIZES.phone.width}-english` });
  const each = async (what, path, ready, whole = true) => {
    const wanted = only.test(`portal-${what}`);
    // What leads on to the next picture is done for all; else only what is wanted.
    if (!wanted && path) return;
    for (const { page, name } of owners) {
      if (path) await page.goto(path);
      if (ready) await ready(page);
      if (!wanted) continue;
      // A bar that is fixed would lie over the middle of a picture of the whole page.
      if (whole && size(page)) await page.evaluate(() => { for (const bar of document.querySelectorAll(".tabs, .top")) bar.style.setProperty("position", "static"); });
      await page.screenshot({ path: join(into, `portal-${what}-${name}.png`), fullPage: whole && size(page) });
    }
    if (wanted) console.log(`portal-${what}`);
  };
  // Without a pattern of portal pages all is taken; with one, only the parts of the way that it names are gone.
  const part = (words) => !/portal-/.test(process.argv[3] ?? "") || words.test(process.argv[3]);
  const enter = async (tenant, email, name) => {
    for (const { page } of owners) {
      await page.context().clearCookies();
      await page.goto(await world.ownerLink(tenant, email, name));
      await page.locator("form[action='/auth/link/take'] button").click();
      await page.waitForURL(/auth\/password|\/app\//);
    }
  };
  await each("home", "/");
  await each("sign-in", "/auth/signin?next=%2Fapp%2Fmessages");
  await each("sign-in-wrong", "/auth/signin", async (page) => {
    await page.locator("#f-email").fill("amina@example.com");
    await page.locator("#f-password").fill("not the one");
    await page.locator("main form button[type=submit]").first().click();
    await page.locator(".banner").waitFor();
  });
  await each("email", "/auth/email");
  await each("link", "/auth/link");
  await each("source", "/source");
  const shop = await world.tenant("Duka la Baraka", undefined, { template_type: "ECOMMERCE", language: "SW" });
  const next = (page) => page.locator(".form-foot .primary").click();
  if (part(/setup|status|password|try|first/)) {
    await enter(shop, "baraka@example.com", "Baraka Mushi");
    await each("password", "/auth/password");
    await each("settings-first", "/app/settings");
    await each("setup-1", undefined, async (page) => { await page.goto("/app/onboarding?step=business"); await page.locator("#f-business_name").fill("Duka la Baraka"); });
    await each("setup-2", undefined, async (page) => { await next(page); await page.locator(".pack").first().waitFor(); await page.locator("input[value=ECOMMERCE]").check(); });
    await each("setup-3", undefined, async (page) => { await next(page); await page.locator("#f-whatsapp_number").fill("0754 000 333"); });
    await each("setup-3-wrong", undefined, async (page) => { await page.locator("#f-whatsapp_number").fill("12"); await next(page); await page.locator(".field .error").waitFor(); });
    await each("setup-4", undefined, async (page) => { await page.locator("#f-whatsapp_number").fill("0754 000 333"); await next(page); await page.locator(".day-row").first().waitFor(); });
    await each("setup-5", undefined, async (page) => { await next(page); await page.locator(".review").waitFor(); });
    await owners[0].page.locator("main form button").click();
    await owners[0].page.waitForURL(/status/);
    await each("status-submitted", "/app/status");
    await each("try", "/app/try", async (page) => { await page.locator("form.tools button").first().click(); await page.locator(".bubble.out").first().waitFor(); });
    const [request] = (await world.api("GET", "/admin/setup-requests?status=SUBMITTED")).filter((request) => request.tenant_id === shop);
    await world.api("POST", `/admin/setup-requests/${request.id}/reject`, { note: "Namba hii tayari ni ya biashara nyingine. Weka namba yako mwenyewe." });
    await each("status-rejected", "/app/status");
    await each("setup-again", "/app/onboarding?step=business");
  }
  if (part(/status|whatsapp/)) {
    await enter(waiting, "tumaini.mushi@example.com", "Tumaini Mushi");
    await each("status-code", "/app/status");
    await each("whatsapp-code", "/app/whatsapp?was=waiting", (page) => page.locator(".qr-code img").waitFor());
    await each("whatsapp-typed", "/app/whatsapp?was=waiting", async (page) => {
      // Asked for once; all browsers show the same code.
      const ask = page.locator("form[action='/app/whatsapp/code'] button");
      await ask.or(page.locator(".pair-code")).first().waitFor();
      if (await ask.count()) await ask.click();
      await page.locator(".pair-code").waitFor();
    }, false);
    await enter(removed, "mwinyi@example.com", "Mwinyi Mkuu");
    await each("status-removed", "/app/status");
    await each("whatsapp-removed", "/app/whatsapp");
  }
  await enter(salon, "amina@example.com", "Amina Juma");
  await each("status-answering", "/app/status");
  await each("whatsapp-linked", "/app/whatsapp?stay=1");
  await each("messages", "/app/messages");
  await each("chat", "/app/messages/255712000111", undefined, false);
  await each("chat-waits", "/app/messages/255712000333", undefined, false);
  await each("customers", "/app/customers");
  await each("customer", "/app/customers/255712000111");
  // The booking is for the next day, where the salon is.
  const booked = new Intl.DateTimeFormat("en-CA", { timeZone: "Africa/Dar_es_Salaam" }).format(Date.now() + 24 * 3600 * 1000);
  await each("bookings", `/app/bookings?day=${booked}`);
  await each("bookings-found", "/app/bookings?search=Asha");
  await each("booking-new", "/app/bookings/new");
  await each("booking-change", "/app/records/B-1001");
  await each("block-new", "/app/bookings/new?kind=block");
  await each("orders", "/app/orders");
  await each("tickets", "/app/orders?kind=tickets");
  await each("bot", "/app/bot");
  for (const part of ["hours", "services", "catalogue", "questions", "contact", "delivery", "booking", "manners", "texts"]) await each(`bot-${part}`, `/app/bot/${part}`);
  await each("bot-service", "/app/bot/services", (page) => page.locator(".row-link").first().click().then(() => page.locator("form.card").waitFor()));
  await each("bot-service-wrong", "/app/bot/services?new=yes", async (page) => { await page.locator("form.card button.primary").click(); await page.locator(".field .error").first().waitFor(); });
  await each("settings", "/app/settings");
  await each("settings-wrong", "/app/settings", async (page) => {
    await page.locator("#f-phone").fill("12");
    await page.locator("#you button[type=submit]").click();
    await page.locator(".field .error").waitFor();
  });
  await each("activity", "/app/settings/activity");
  await each("menu", "/app/status", (page) => page.locator("details.menu > summary").filter({ visible: true }).last().click(), false);
  await each("nowhere", "/nowhere");
  for (const { page } of owners) await page.context().close();
}

/** The fleet's list, what needs a hand, and what was done. */
async function shootFleet() {
  const fleetWorld = await World.start();
  try {
    await fleet(fleetWorld);
    for (const [width, size] of Object.entries(SIZES)) {
      for (const theme of ["light", "dark"]) {
        const page = await operator(browser, fleetWorld, size, { colorScheme: theme });
        for (const [what, path] of [["fleet", "/admin/tenants"], ["fleet-system", "/admin/system"], ["fleet-events", "/admin/events"]]) {
          await page.goto(path);
          await page.screenshot({ path: join(into, `${what}-${size.width}-${theme}.png`), fullPage: width !== "desk" });
        }
        await page.context().close();
      }
    }
    console.log("fleet");
  } finally { await fleetWorld.stop(); }
}

/** Machines of bots in each of their states, and a tenant that can be moved. */
async function shootHosts() {
  const hosts = await World.start({}, { hosts: ["dar-1", "dar-2"], away: ["arusha"] });
  try {
    const salon = await hosts.linked("Saluni ya Amina", "255754000401");
    await hosts.linked("Duka la Baraka", "255754000402");
    await hosts.api("POST", "/admin/hosts/dar-2/drain");
    for (const [width, size] of Object.entries(SIZES)) {
      for (const theme of ["light", "dark"]) {
        const page = await operator(browser, hosts, size, { colorScheme: theme });
        for (const [what, path] of [["hosts", "/admin/hosts"], ["host-lost", "/admin/hosts/arusha/lost"],
          ["tenant-place", `/admin/tenants/${salon}/place`], ["tenant-on-host", `/admin/tenants/${salon}`], ["tenants-on-hosts", "/admin/tenants"]]) {
          await page.goto(path);
          await page.screenshot({ path: join(into, `${what}-${size.width}-${theme}.png`), fullPage: width !== "desk" });
        }
        await page.context().close();
      }
    }
    console.log("hosts");
  } finally { await hosts.stop(); }
}

try {
  if (only.test("fleet")) await shootFleet();
  if (only.test("hosts")) await shootHosts();
  await shoot("tenants-empty", "/admin/tenants");
  await shoot("tenant-new", "/admin/tenants/new");
  const number = (n) => `2557540001${String(n).padStart(2, "0")}`;
  const salon = await world.linked("Saluni ya Amina", number(1), { template_type: "BOOKING", language: "SW", business_name: "Saluni ya Amina" });
  const profile = JSON.parse(await readFile(new URL("../../replies/profiles/salon.json", import.meta.url)));
  await world.api("PUT", `/admin/tenants/${salon}/profile`, profile);
  const long = await world.linked(LONG_NAME, number(2));
  const waiting = await world.tenant("Zahanati ya Tumaini", number(3));
  await world.phone("POST", "/v1/accounts", { number: number(3), name: "Tumaini", business: true });
  await world.api("POST", `/admin/tenants/${waiting}/worker/start`);
  const asha = await world.customer("255712000111", "Asha");
  const juma = await world.customer("255712000222", "Juma");
  const watcher = pages[0].page;
  await watcher.goto(`/admin/tenants/${salon}`);
  for (const text of ["Habari", "nataka kunyoa kesho saa nne asubuhi", "Asha Juma", "ndiyo"]) {
    const before = await watcher.locator(".bubble.out").count();
    await asha(number(1), text);
    await watcher.waitForFunction((before) => document.querySelectorAll(".bubble.out").length > before, before);
  }
  await juma(number(1), "Mambo, bei ya kusuka ni ngapi?");
  const fatma = await world.customer("255712000333", "Fatma");
  await fatma(number(1), "Naomba mhudumu");
  await watcher.locator(".chat-list", { hasText: "222" }).waitFor();
  // It comes with the worker's next heartbeat.
  await world.until(salon, (tenant) => tenant.worker_process.last_message_at !== null);
  await world.removed(long, number(2));
  const owner = { name: "Tumaini Mushi", email: "tumaini@example.com" };
  const { id: request } = await world.api("POST", "/admin/setup-requests",
    { tenant_id: waiting, owner, template_type: "BOOKING", whatsapp_number: `+${number(3)}`, notes: "Kliniki yetu ipo Sinza" });

  await shoot("tenants-3", "/admin/tenants");
  await shoot("tenant-answering", `/admin/tenants/${salon}?contact=255712000111`);
  await shoot("bookings", `/admin/tenants/${salon}/bookings?day=all`, (page) => page.getByText("B-1001").first().waitFor());
  await shoot("booking-new", `/admin/tenants/${salon}/bookings`, (page) => page.locator("details summary").first().click());
  await shoot("tickets-empty", `/admin/tenants/${salon}/tickets`);
  for (const part of ["contact", "services", "catalogue", "questions", "booking", "delivery", "manners", "files"]) {
    await shoot(`profile-${part}`, `/admin/tenants/${salon}/profile?part=${part}`);
  }
  await shoot("try", `/admin/tenants/${salon}/try`);
  await shoot("tenant-error", `/admin/tenants/${long}`);
  await shoot("tenant-code", `/admin/tenants/${waiting}`, (page) => page.locator(".qr-code svg").waitFor());
  await shoot("nowhere", "/admin/nowhere");
  for (const other of ["setup-requests", "events", "operators", "account", "system", "docs"]) await shoot(other, `/admin/${other}`);
  await shoot("setup-request", `/admin/setup-requests/${request}`);
  await shoot("source", "/source");
  await shoot("sign-in", "/admin/sign-in");
  if (process.argv[3] === undefined || /portal/.test(process.argv[3])) await portal({ salon, waiting, removed: long });
  for (let n = 3; n < 1000 && only.test("tenants-1000"); n += 1) await world.tenant(`Tenant ${String(n).padStart(4, "0")}`, undefined);
  await shoot("tenants-1000", "/admin/tenants?sort=seen");
} finally {
  await browser.close();
  await world.stop();
}
