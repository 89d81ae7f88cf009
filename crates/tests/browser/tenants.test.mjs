// Tenants, as an operator works with them: with real workers and the virtual WhatsApp.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { flows, good, goodInBoth, scan } from "./check.mjs";
import { LIMIT, SIZES, World, browser as launch, operator } from "./world.mjs";

let world, browser;
before(async () => { world = await World.start(); browser = await launch(); });
after(async () => { await browser?.close(); await world?.stop(); });

const row = (page, name) => page.locator("tbody tr", { has: page.getByRole("link", { name, exact: true }) });

flows(({ width, size, n, step }) => {
  const name = `Saluni ya ${width}`, number = `25575400000${n}`;
  let page, id, write;
  before(async () => { page = await operator(browser, world, size); });
  after(async () => { await page?.context().close(); });

  step("a tenant is created, with errors beside their fields and nothing lost", async () => {
    await page.goto("/admin/tenants");
    await goodInBoth(page);
    await page.getByRole("link", { name: "Create" }).first().click();
    await page.getByLabel("Business name").fill(name);
    await page.getByLabel("WhatsApp number").fill("12");
    await page.getByLabel("Reply pack").selectOption({ label: "Customer care" });
    await page.getByLabel("Language").selectOption({ label: "English" });
    await goodInBoth(page);
    await page.getByRole("button", { name: "Create tenant" }).click();
    await page.locator("#e-phone_number").waitFor();
    assert.equal(await page.getByLabel("Business name").inputValue(), name);
    assert.equal(await page.getByLabel("Reply pack").inputValue(), "SUPPORT");
    await goodInBoth(page);
    await page.getByLabel("WhatsApp number").fill(`+${number}`);
    await page.getByRole("button", { name: "Create tenant" }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    id = new URL(page.url()).pathname.split("/").pop();
  });

  step("it is started, its code appears without a reload, a phone scans it off the screen, and it is linked", async () => {
    await world.phone("POST", "/v1/accounts", { number, name, business: true });
    await page.evaluate(() => { window.sameDocument = true; });
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const code = page.locator(".qr-code svg");
    await code.waitFor();
    await goodInBoth(page);
    const box = await code.boundingBox();
    assert.ok(box.width >= 264, `a code of ${box.width} px`);
    await scan(page, world, number);
    await page.getByRole("heading", { name: "Linked", exact: true }).waitFor();
    await page.locator("#now .pill", { hasText: "Answering" }).waitFor();
    assert.ok(await page.evaluate(() => window.sameDocument), "the page was not loaded again");
    await goodInBoth(page);
  });

  step("a customer is answered and both messages are in the log at once", async () => {
    await world.keys(number);
    write = await world.customer(`25571200000${n}`, "Asha");
    await write(number, "Hello");
    await page.locator(".bubble:not(.out)", { hasText: "Hello" }).waitFor();
    await page.locator(".bubble.out", { hasText: "customer care" }).waitFor();
    assert.ok(await page.evaluate(() => window.sameDocument));
    await page.reload();
    await goodInBoth(page);
  });

  step("an operator replies by hand, and the customer gets it", async () => {
    await page.getByLabel("Reply by hand").fill("We call you at 14:00");
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".bubble.out", { hasText: "We call you at 14:00" }).waitFor();
    await world.heard(`25571200000${n}`, "We call you at 14:00");
  });

  step("what became of a reply is shown as it happens, and nothing else moves", async () => {
    const customer = `25571200000${n}`;
    const reply = page.locator(".bubble.out", { hasText: "We call you at 14:00" });
    await reply.getByRole("img", { name: "Delivered", exact: true }).waitFor();
    await page.evaluate(() => { window.sameDocument = true; for (const one of document.querySelectorAll(".bubble")) one.stays = true; });
    const said = await world.phone("GET", `/v1/accounts/${customer}/messages?direction=in`);
    const { id: message } = said.find((one) => one.body?.text === "We call you at 14:00");
    await world.phone("POST", `/v1/accounts/${customer}/messages/${message}/read`, { with: number });
    await reply.getByRole("img", { name: "Read", exact: true }).waitFor();
    assert.ok(await page.evaluate(() => window.sameDocument && [...document.querySelectorAll(".bubble")].every((one) => one.stays)));
    // What the owner types on the phone is the phone's.
    await world.phone("POST", `/v1/accounts/${number}/messages`, { chat: customer, body: { kind: "text", text: "It is me" } });
    await page.locator(".bubble.out", { hasText: "It is me" }).getByText("Owner's phone", { exact: false }).first().waitFor();
    await goodInBoth(page);
  });

  step("messages are searched, and exported as CSV", async () => {
    await page.getByLabel("Search in messages").fill("14:00");
    await page.getByRole("search", { name: "Search in conversations" }).getByRole("button").click();
    await page.locator(".bubble.out", { hasText: "We call you" }).waitFor();
    assert.equal(await page.locator(".bubble", { hasText: /^Customer: Hello/ }).count(), 0);
    await goodInBoth(page);
    // It leads into the chat, at that message, and says who wrote it.
    await page.locator(".bubble.out", { hasText: "We call you" }).getByRole("link", { name: "Show in its chat" }).click();
    const found = page.locator(".bubble.found", { hasText: "We call you at 14:00" });
    await found.waitFor();
    await page.locator(".bubble", { hasText: /^Customer: Hello/ }).waitFor();
    assert.match(await found.innerText(), /admin/i);
    assert.match(new URL(page.url()).hash, /^#m-/);
    const [chat, message] = [await page.locator("#chat").boundingBox(), await found.boundingBox()];
    assert.ok(message.y >= chat.y - 1 && message.y + message.height <= chat.y + chat.height + 1, "it is in sight");
    await goodInBoth(page);
    await page.goto(`/admin/tenants/${id}`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
    assert.match(await readFile(await download.path(), "utf8"), /We call you at 14:00/);
  });

  step("uptime and the worker's own log are shown, the log by level and as a file", async () => {
    await page.goto(`/admin/tenants/${id}`);
    await page.locator("#uptime dd", { hasText: "%" }).first().waitFor();
    const log = page.getByRole("region", { name: "Technical log" });
    await log.getByLabel("Show").selectOption({ label: "All in detail" });
    await Promise.all([page.waitForURL(/level=debug/), log.getByRole("button", { name: "Filter" }).click()]);
    assert.equal(await log.getByLabel("Show").inputValue(), "debug");
    await goodInBoth(page);
    const [download] = await Promise.all([page.waitForEvent("download"), log.getByRole("link", { name: "Download" }).click()]);
    assert.match(download.suggestedFilename(), /-worker-log-[0-9-]+\.txt$/);
    const box = await log.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= size.width, "it keeps within the window");
    await page.goto(`/admin/tenants/${id}`);
  });

  step("it is configured", async () => {
    await page.getByLabel("Display name").fill("Amina's");
    await page.getByText("Opening hours", { exact: true }).click();
    await page.locator("#f-hours_0").fill("late");
    await page.getByRole("button", { name: "Save configuration" }).click();
    await page.locator("#e-hours_0").waitFor();
    assert.equal(await page.getByLabel("Display name").inputValue(), "Amina's");
    await goodInBoth(page);
    await page.locator("#f-hours_0").fill("09:00-13:00, 14:00-18:00");
    await Promise.all([page.waitForURL(`**/admin/tenants/${id}`, { waitUntil: "load" }), page.getByRole("button", { name: "Save configuration" }).click()]);
    await world.until(id, (tenant) => tenant.config.business_name === "Amina's");
  });

  step("it is stopped, started and forced to restart from the list, and the row says so at once", async () => {
    await page.goto("/admin/tenants");
    const line = row(page, name);
    const press = async (action) => {
      if (await line.getByRole("button", { name: action, exact: true }).isHidden()) await line.locator("summary").click();
      await line.getByRole("button", { name: action, exact: true }).click();
      await page.locator(".toast", { hasText: name }).first().waitFor();
    };
    await page.evaluate(() => { window.sameDocument = true; });
    await press("Stop");
    await line.locator(".pill", { hasText: "Paused" }).waitFor();
    await goodInBoth(page);
    await press("Start");
    await line.locator(".pill", { hasText: "Answering" }).waitFor();
    const { worker_process: before } = await world.until(id, (tenant) => tenant.worker_process.pid !== null);
    await press("Force restart");
    await world.until(id, (tenant) => tenant.worker_process.generation > before.generation);
    await line.locator(".pill", { hasText: "Answering" }).waitFor();
    assert.ok(await page.evaluate(() => window.sameDocument));
  });

  step("many are started and stopped at once, with their progress", async () => {
    const names = ["a", "b", "c"].map((letter) => `Many ${width} ${letter}`);
    for (const one of names) await world.tenant(one, undefined);
    await page.goto(`/admin/tenants?search=Many+${width}`);
    for (const one of names) await page.getByRole("checkbox", { name: `Select ${one}` }).check();
    await page.getByText("3 selected").waitFor();
    await page.locator("#bulk").getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("3 of 3 started").waitFor();
    for (const one of names) await row(page, one).locator(".pill", { hasText: /Waiting for a code|Scan the code/ }).waitFor();
    await goodInBoth(page);
    // What runs already fails, by name, and is tried again from where one looks.
    await page.locator("#bulk").getByRole("button", { name: "Start", exact: true }).click();
    for (const one of names) await page.locator(".bulk li", { hasText: one }).waitFor();
    await goodInBoth(page);
    await page.locator("#bulk").getByRole("button", { name: "Stop", exact: true }).click();
    const ask = page.getByRole("dialog", { name: "Stop the bots of those selected?" });
    await ask.waitFor();
    await goodInBoth(page);
    await ask.getByRole("button", { name: "Cancel" }).click();
    for (const one of names) assert.equal(await row(page, one).locator(".pill", { hasText: "Paused" }).count(), 0, "asked, and nothing done");
    await page.locator("#bulk").getByRole("button", { name: "Stop", exact: true }).click();
    await ask.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByText("3 of 3 stopped").waitFor();
    for (const one of names) await row(page, one).locator(".pill", { hasText: "Paused" }).waitFor();
  });

  step("many are configured and suspended at once, and what is wrong costs nothing that was typed", async () => {
    const names = ["a", "b", "c"].map((letter) => `Many ${width} ${letter}`);
    await page.locator("#bulk").getByRole("button", { name: "Configure" }).click();
    const form = page.getByRole("dialog", { name: "Configure those selected" });
    await form.getByLabel("Time zone").fill("Mars");
    await goodInBoth(page);
    await form.getByRole("button", { name: "Save configuration" }).click();
    await page.locator(".toast.bad").first().waitFor();
    await page.locator(".toast.bad [data-dismiss]").first().click();
    await page.locator("#bulk").getByRole("button", { name: "Configure" }).click();
    assert.equal(await form.getByLabel("Time zone").inputValue(), "Mars");
    await form.getByLabel("Time zone").fill("Africa/Nairobi");
    await form.getByLabel("Currency").fill("kes");
    await form.getByRole("button", { name: "Save configuration" }).click();
    await page.getByText("3 of 3 configured").waitFor();
    const listed = await world.api("GET", `/admin/tenants?search=Many+${width}`);
    assert.deepEqual(listed.map((tenant) => [tenant.timezone, tenant.currency]), names.map(() => ["Africa/Nairobi", "KES"]));
    await page.locator("#bulk").getByRole("button", { name: "Suspend" }).click();
    const suspend = page.getByRole("dialog", { name: "Suspend those selected?" });
    await suspend.getByLabel(/^Why/).fill("Deni");
    await goodInBoth(page);
    await suspend.getByRole("button", { name: "Suspend" }).click();
    await page.getByText("3 of 3 suspended").waitFor();
  });

  step("the audit log tells by name who did it, and shows by what it is filtered", async () => {
    await page.goto("/admin/events");
    await page.getByRole("heading", { name: /^Today, / }).waitFor();
    await page.locator(".audit li", { hasText: `The admin suspended Many ${width} a` }).waitFor();
    await page.locator(".audit li", { hasText: `The admin changed Many ${width} a` }).filter({ hasText: "→ Africa/Nairobi" }).first().waitFor();
    await goodInBoth(page);
    await page.getByText("Filter", { exact: true }).click();
    await page.locator("#f-type").selectOption({ label: "Tenant suspended" });
    await page.getByRole("button", { name: "Show" }).click();
    await page.locator("#in-force", { hasText: "where: Tenant suspended" }).waitFor();
    assert.equal(await page.locator(".audit li", { hasText: "created" }).count(), 0);
    await goodInBoth(page);
    await page.getByRole("link", { name: "No longer only: where: Tenant suspended" }).click();
    await page.locator(".audit li", { hasText: "created" }).first().waitFor();
    await page.getByRole("link", { name: "Reading and exports" }).click();
    await page.locator(".audit li", { hasText: `The admin read conversations of ${name}` }).first().waitFor();
    await goodInBoth(page);
  });

  step("the keys are listed", async () => {
    await page.goto("/admin/tenants");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await goodInBoth(page);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
  });

  step("the list is searched and filtered, and its state is its address", async () => {
    await page.goto("/admin/tenants");
    await page.keyboard.press("/");
    await page.keyboard.type(name.slice(-width.length));
    await page.waitForURL(/search=/);
    await row(page, name).waitFor();
    await page.locator("a.tile", { hasText: "Answering" }).click();
    await page.waitForURL(/show=answering/);
    await row(page, name).waitFor();
    await page.keyboard.press("j");
    assert.equal(await page.evaluate(() => document.activeElement.className), "name");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/admin\/tenants\/[0-9a-f-]{36}$/);
  });

  step("it is unlinked and deleted, by its name", async () => {
    await page.goto(`/admin/tenants/${id}`);
    await page.getByRole("button", { name: "Unlink device" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unlink device" }).click();
    await world.until(id, (tenant) => tenant.worker_process.status === "STOPPED");
    await page.goto(`/admin/tenants/${id}`);
    await page.getByRole("button", { name: "Delete tenant" }).click();
    await page.getByLabel(/^To delete it, type/).fill("something else");
    await goodInBoth(page);
    await page.getByRole("dialog").getByRole("button", { name: "Delete tenant" }).click();
    // A wrong name stays in the dialog, and the browser says there what to type.
    const typed = page.getByLabel(/^To delete it, type/);
    assert.equal(await typed.evaluate((field) => field.matches(":invalid")), true);
    assert.match(await typed.getAttribute("title"), /nothing was deleted/);
    await typed.fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Delete tenant" }).click();
    await page.getByRole("heading", { level: 1, name: "Tenants" }).waitFor();
    assert.equal(await row(page, name).count(), 0);
  });

  step("an address that leads nowhere is a page", async () => {
    await page.goto("/admin/nowhere");
    await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
    await goodInBoth(page);
  });

  step("dark is as readable as light, and stays chosen", async () => {
    await page.goto("/admin/tenants");
    await page.getByRole("button", { name: "Change between light and dark" }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await good(page);
  });
}, ["desk", "tablet", "phone"]);

test("everything that a page is for works without scripts", { timeout: 3 * LIMIT }, async () => {
  const page = await operator(browser, world, SIZES.desk, { javaScriptEnabled: false });
  await page.goto("/admin/tenants/new");
  await page.getByLabel("Business name").fill("No script");
  await page.getByRole("button", { name: "Create tenant" }).click();
  await page.getByRole("heading", { level: 1, name: "No script" }).waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.locator(".pill", { hasText: /Waiting for a code|Scan the code/ }).first().waitFor();
  const log = page.getByRole("region", { name: "Technical log" });
  await log.getByLabel("Show").selectOption({ label: "Errors" });
  await log.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/level=error/);
  await page.goto("/admin/tenants?search=No+script");
  await page.getByRole("checkbox", { name: "Select No script" }).check();
  await page.locator("#bulk").getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Progress" }).waitFor();
  await page.context().close();
});
