// Live means live: what is shown follows what happens without taking anything from whoever works on it, and says so when it can
// follow no more.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { flows, good } from "./check.mjs";
import { PASSWORD, World, browser as launch, operator } from "./world.mjs";

let world, browser, id;
const number = "255754000401";
before(async () => {
  world = await World.start();
  browser = await launch();
  id = await world.linked("Saluni ya Amina", number);
});
after(async () => { await browser?.close(); await world?.stop(); });

flows(({ size, n, step }) => {
  let page, write;
  const away = () => page.locator(".away");
  const row = () => page.locator("tbody tr", { hasText: "Saluni ya Amina" });
  /** Until the page has put in what has happened since: a customer's message is counted in the row. */
  const counted = async (more) => {
    const before = Number(await row().locator("td.num").last().innerText());
    for (let count = 0; count < more; count += 1) await write(number, `Hello ${count}`);
    await page.waitForFunction((least) => Number([...document.querySelectorAll("tbody tr td.num")].at(-1)?.textContent) >= least, before + more);
  };
  const signIn = async (at = page) => {
    await at.getByRole("heading", { name: "Sign in" }).waitFor();
    await at.getByLabel(/^Email/).fill("admin");
    await at.getByLabel("Password").fill(PASSWORD);
    await at.getByRole("button", { name: "Sign in" }).click();
  };
  before(async () => {
    page = await operator(browser, world, size);
    write = await world.customer(`25571200040${n}`, "Asha");
  });
  after(async () => { await page?.context().close(); });

  step("what changes in a row closes no menu, takes no focus, and leaves the row where it is", async () => {
    await page.goto("/admin/tenants?search=Amina");
    await row().locator(".pill", { hasText: "Answering" }).waitFor();
    await page.evaluate(() => { document.querySelector("tbody tr").mine = true; });
    await row().locator("details.menu > summary").click();
    const stop = row().locator(".menu-list .btn").first();
    await stop.focus();
    await counted(1);
    assert.ok(await row().locator("details.menu").evaluate((menu) => menu.open), "the menu is open");
    assert.ok(await stop.evaluate((button) => document.activeElement === button), "the focus is where it was");
    assert.ok(await page.evaluate(() => document.querySelector("tbody tr").mine), "the row is the same");
    await page.keyboard.press("Escape");
  });

  step("what is typed into a tenant's page stays, whatever happens beside it", async () => {
    await page.goto(`/admin/tenants/${id}?contact=25571200040${n}`);
    const reply = page.getByLabel("Reply by hand");
    await reply.fill("Karibu, tuko wazi");
    await reply.evaluate((field) => field.setSelectionRange(3, 5));
    await write(number, "Are you there?");
    await page.locator(".bubble:not(.out)", { hasText: "Are you there?" }).waitFor();
    assert.equal(await reply.inputValue(), "Karibu, tuko wazi");
    assert.deepEqual(await reply.evaluate((field) => [document.activeElement === field, field.selectionStart, field.selectionEnd]), [true, 3, 5]);
  });

  step("a control plane that says nothing is shown as away within ten seconds, and what is shown as old", async () => {
    await page.goto("/admin/tenants?search=Amina");
    await row().locator(".pill", { hasText: "Answering" }).waitFor();
    await page.waitForFunction(() => document.documentElement.dataset.live === "on");
    assert.ok(await away().isHidden());
    const since = Date.now();
    process.kill(world.pid, "SIGSTOP");
    try {
      await away().waitFor({ state: "visible" });
      // By the browser's own clock it is nine seconds after the last sign of life; a busy machine may show it later.
      assert.ok(Date.now() - since < 60_000);
      assert.notEqual(await page.locator("main").evaluate((main) => getComputedStyle(main).filter), "none");
    } finally { process.kill(world.pid, "SIGCONT"); }
    await away().waitFor({ state: "hidden" });
    await counted(1);
  });

  step("one that has died is away, and the page goes on by itself when it is back", async () => {
    await page.evaluate(() => { window.sameDocument = true; });
    await world.killed();
    await away().waitFor({ state: "visible" });
    await world.serving();
    await away().waitFor({ state: "hidden" });
    await row().locator(".pill", { hasText: "Answering" }).waitFor();
    await counted(1);
    assert.ok(await page.evaluate(() => window.sameDocument));
    await good(page);
  });

  step("whoever is signed out meanwhile signs in and is back where they were", async () => {
    await page.goto("/admin/events?type=TENANT_CREATED");
    await page.context().clearCookies();
    // What is pressed next leads to the sign-in page of ours, and never to a window of the browser's own.
    await page.getByRole("link", { name: "Reading and exports" }).click();
    await signIn();
    await page.getByRole("heading", { level: 1, name: "Audit" }).waitFor();
    assert.equal(new URL(page.url()).search, "?kind=reading");
  });

  step("a page into which nobody has typed leads to where one signs in, and back, by itself", async () => {
    await page.goto(`/admin/tenants/${id}`);
    await page.waitForFunction(() => document.documentElement.dataset.live === "on");
    await page.context().clearCookies();
    await write(number, `While you look ${n}`);
    await signIn();
    await page.getByRole("heading", { level: 1, name: "Saluni ya Amina" }).waitFor();
  });

  step("a form that is sent after the session ended loses nothing that was typed", async () => {
    await page.goto(`/admin/tenants/${id}`);
    await page.getByLabel("Display name").fill(`Amina's ${n}`);
    await page.context().clearCookies();
    // What happens meanwhile is asked for by the page, and not by whoever types: it leads nowhere, and says so.
    await write(number, `While you type ${n}`);
    await page.locator("[data-out]").waitFor({ state: "visible" });
    assert.equal(await page.getByLabel("Display name").inputValue(), `Amina's ${n}`);
    await good(page);
    await page.getByRole("button", { name: "Save configuration" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await good(page);
    assert.notEqual((await world.api("GET", `/admin/tenants/${id}`)).tenant.config.business_name, `Amina's ${n}`, "nobody who was signed out has changed it");
    const [other] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("link", { name: "Sign in in another tab" }).click()]);
    await signIn(other);
    await other.getByRole("heading", { level: 1, name: "Saluni ya Amina" }).waitFor();
    await other.close();
    await page.getByRole("button", { name: "Send it again" }).click();
    await world.until(id, (tenant) => tenant.config.business_name === `Amina's ${n}`);
  });
}, ["desk", "tablet", "phone"]);
