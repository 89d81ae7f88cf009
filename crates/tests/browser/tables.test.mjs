// What operators note of tenants, tags that filter the list, and tenants as tables; with a name of 120 characters and no blank.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { flows, good } from "./check.mjs";
import { LIMIT, SIZES, World, browser as launch, operator } from "./world.mjs";

let world, browser;
const UNBROKEN = "Duka".repeat(30);
before(async () => { world = await World.start(); browser = await launch(); });
after(async () => { await browser?.close(); await world?.stop(); });

const csv = (text) => ({ name: "tenants.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

flows(({ width, size, step }) => {
  const name = `Saluni ya ${width}`;
  let page, id, long;
  before(async () => {
    page = await operator(browser, world, size);
    id = await world.tenant(name);
    long = await world.tenant(`${UNBROKEN.slice(0, 112)}${width.padEnd(8, "x")}`);
  });
  after(async () => { await page?.context().close(); });

  step("a note is saved and says so; what is wrong with it costs nothing that was typed", async () => {
    await page.goto(`/admin/tenants/${id}`);
    const notes = page.getByRole("region", { name: "Private notes" });
    await notes.getByLabel("Tags").fill(`VIP, ${width}, ${"x".repeat(33)}`);
    await notes.locator("#f-note").fill("Pays <b>late</b> 😀");
    await notes.getByRole("button", { name: "Save notes" }).click();
    await page.locator("#e-tags").waitFor();
    assert.equal(await notes.locator("#f-note").inputValue(), "Pays <b>late</b> 😀");
    await good(page);
    await notes.getByLabel("Tags").fill(`VIP, ${width}`);
    await notes.getByRole("button", { name: "Save notes" }).click();
    await page.locator(".toast.ok", { hasText: "Operators alone" }).waitFor();
    assert.equal(await notes.getByLabel("Tags").inputValue(), `${width}, vip`);
    await good(page);
  });

  step("somebody who was faster is seen, and what was typed is still there", async () => {
    const notes = page.getByRole("region", { name: "Private notes" });
    await notes.locator("#f-note").fill("Mine");
    await world.api("PUT", `/admin/tenants/${id}/notes`, { tags: ["vip", width, "faster"], note: "Theirs" });
    await notes.getByRole("button", { name: "Save notes" }).click();
    await notes.getByRole("alert").waitFor();
    assert.match(await notes.locator("pre").innerText(), /faster.*\n.*Theirs/);
    assert.equal(await notes.locator("#f-note").inputValue(), "Mine");
    await good(page);
    await notes.getByRole("button", { name: "Save notes" }).click();
    await page.locator(".toast.ok").waitFor();
    assert.equal((await world.api("GET", `/admin/tenants/${id}/notes`)).note, "Mine");
  });

  step("tags filter the list, and the filter is seen and taken off", async () => {
    const tags = ["a", "b", "c", "d", "e", "f"].map((letter) => `${letter.repeat(31)}${width[0]}`);
    await world.api("PUT", `/admin/tenants/${long}/notes`, { tags, note: "" });
    await page.goto("/admin/tenants");
    await page.locator("tbody tr", { hasText: name }).waitFor();
    await good(page);
    await page.locator(`#t-${id}`).getByRole("link", { name: width, exact: true }).click();
    await page.waitForURL(/tag=/);
    await page.getByText(`with the tag ${width}`).waitFor();
    assert.equal(await page.locator("tbody tr").count(), 1);
    await good(page);
    await page.getByRole("link", { name: "No longer only: " }).click();
    await page.locator(`#t-${long}`).waitFor();
    // By the choice too, without loading the page again.
    await page.evaluate(() => { window.sameDocument = true; });
    await page.locator("#tag").selectOption(width);
    await page.waitForURL(/tag=/);
    await page.locator(`#t-${long}`).waitFor({ state: "detached" });
    assert.ok(await page.evaluate(() => window.sameDocument));
    await good(page);
  });

  step("what the list shows is taken out as a table", async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export as CSV" }).click()]);
    const table = await readFile(await download.path(), "utf8");
    assert.match(download.suggestedFilename(), /^flowhq-tenants-\d{4}-\d\d-\d\d\.csv$/);
    assert.ok(table.startsWith("\ufeffid,name,"), table);
  });

  step("a table is looked at before it is put in, and one button does it", async () => {
    await page.goto("/admin/tenants");
    await page.getByRole("link", { name: "Import", exact: true }).click();
    await good(page);
    await page.locator("#f-file").setInputFiles(csv("colour\nred\n"));
    await page.getByRole("button", { name: "Look at what it would do" }).click();
    await page.locator("#e-file", { hasText: "colour" }).waitFor();
    await good(page);
    const rows = [`id,name,phone_number,tags`, `,Mpya ya ${width},,import`, `${id},${name} mbili,,vip`, `,Mbaya ${UNBROKEN},0712,`];
    await page.locator("#f-file").setInputFiles(csv(rows.join("\n")));
    await page.getByRole("button", { name: "Look at what it would do" }).click();
    await page.getByText("1 new, 1 changed, 0 as they are, 1 refused.").waitFor();
    await page.getByText(`Business name: ${name} → ${name} mbili`).waitFor();
    await good(page);
    assert.equal((await world.api("GET", `/admin/tenants?search=Mpya+ya+${width}`)).length, 0, "nothing was done yet");
    await page.getByRole("button", { name: "Import 2 rows" }).click();
    await page.getByRole("heading", { name: "What it did" }).waitFor();
    await good(page);
    const made = await world.api("GET", `/admin/tenants?search=Mpya+ya+${width}`);
    assert.deepEqual(made.map((one) => one.tags), [["import"]]);
  });

  step("a name of 120 characters and no blank fits everywhere", async () => {
    const booked = ["bookings", "orders", "tickets", "blocks", "profile", "try"].map((part) => `/admin/tenants/${long}/${part}`);
    for (const path of ["/admin/tenants", `/admin/tenants/${long}`, "/admin/events", "/admin/system", ...booked]) {
      await page.goto(path);
      await good(page);
    }
    await page.goto(`/admin/tenants/${long}`);
    await page.getByRole("button", { name: "Delete tenant" }).click();
    await page.getByRole("dialog").waitFor();
    await good(page);
  });
}, ["desk", "tablet", "phone"]);

test("notes, tags and tables work without scripts", { timeout: 3 * LIMIT }, async () => {
  const page = await operator(browser, world, SIZES.phone, { javaScriptEnabled: false });
  const id = await world.tenant("Bila skripti");
  await page.goto(`/admin/tenants/${id}`);
  await page.locator("#f-tags").fill("plain");
  await page.getByRole("button", { name: "Save notes" }).click();
  await page.getByText("Saved. Operators alone can read it.").waitFor();
  await page.goto("/admin/tenants");
  await page.locator("#tag").selectOption("plain");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("with the tag plain").waitFor();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.goto("/admin/tenants/import");
  await page.locator("#f-file").setInputFiles(csv(`id,name\n${id},Bado bila\n`));
  await page.getByRole("button", { name: "Look at what it would do" }).click();
  await page.getByRole("button", { name: "Import 1 row" }).click();
  await page.getByRole("heading", { name: "What it did" }).waitFor();
  assert.equal((await world.api("GET", `/admin/tenants/${id}`)).tenant.name, "Bado bila");
  await page.context().close();
});
