// Every page in both themes: readable, within its window, and without a complaint of the browser. With a bot that answers,
// one that waits, and one whose phone has removed it, under a name of eighty characters.
import { after, before } from "node:test";
import { flows, good } from "./check.mjs";
import { World, browser as launch, operator, LONG_NAME } from "./world.mjs";

let world, browser;
const ids = {};
before(async () => {
  world = await World.start({ BRAND_NAME: "Mawasiliano" });
  browser = await launch();
  ids.answering = await world.linked("Saluni ya Amina", "255754000101");
  ids.error = await world.linked(LONG_NAME, "255754000102");
  await world.removed(ids.error, "255754000102");
  ids.waiting = await world.tenant("Zahanati ya Tumaini", "255754000103");
  await world.api("POST", `/admin/tenants/${ids.waiting}/worker/start`);
  const owner = { name: "Amina Juma", email: "amina@example.com" };
  const request = { tenant_id: ids.waiting, owner, template_type: "BOOKING", whatsapp_number: "+255754000103" };
  ids.request = (await world.api("POST", "/admin/setup-requests", request)).id;
});
after(async () => { await browser?.close(); await world?.stop(); });

flows(({ size, look }) => {
  for (const colorScheme of ["light", "dark"]) {
    let page;
    before(async () => { page = await operator(browser, world, size, { colorScheme }); });
    after(async () => { await page?.context().close(); });
    const pages = [
      ["tenants", () => "/admin/tenants", () => page.locator(".pill", { hasText: "Answering" }).first()],
      ["a search that finds nothing", () => "/admin/tenants?search=nobody", () => page.getByText("No tenant is like that")],
      ["a new tenant", () => "/admin/tenants/new", () => page.getByRole("button", { name: "Create tenant" })],
      ["a bot that answers", () => `/admin/tenants/${ids.answering}`, () => page.locator("#now .pill", { hasText: "Answering" })],
      ["a bot in ERROR", () => `/admin/tenants/${ids.error}`, () => page.locator("#now .pill.bad")],
      ["a bot that waits for its phone", () => `/admin/tenants/${ids.waiting}`, () => page.locator(".qr-code svg")],
      ["setup requests", () => "/admin/setup-requests", () => page.getByText("Amina Juma")],
      ["a setup request", () => `/admin/setup-requests/${ids.request}`, () => page.getByText("What was asked for")],
      ["the audit log", () => "/admin/events", () => page.locator(".audit li", { hasText: "created Saluni ya Amina" }).first()],
      ["operators", () => "/admin/operators", () => page.getByRole("button", { name: "Add operator" })],
      ["the account", () => "/admin/account", () => page.getByText("You use the admin password")],
      ["proving who one is once more", () => "/admin/confirm", () => page.getByRole("heading", { name: "Confirm that it is you" })],
      ["the system", () => "/admin/system", () => page.getByText("Settings in force")],
      ["the API reference", () => "/admin/docs", () => page.getByRole("heading", { name: "Schemas" })],
      ["the source code", () => "/source", () => page.getByRole("heading", { name: "Source code" })],
      ["an address that leads nowhere", () => "/admin/nowhere", () => page.getByRole("heading", { name: "Nothing is here" })],
    ];
    for (const [what, address, ready] of pages) {
      look(`${what}, ${colorScheme}`, async () => {
        await page.goto(address());
        await ready().waitFor();
        await page.locator("header .brand", { hasText: "Mawasiliano" }).waitFor();
        await page.getByRole("contentinfo").getByRole("link", { name: /^Source code/ }).waitFor();
        await page.evaluate(() => { for (const one of document.querySelectorAll("details:not(.menu)")) one.open = true; });
        await good(page);
      });
    }
  }
}, ["desk", "tablet", "phone"]);
