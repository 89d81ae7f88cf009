// The page of bookings, watched while a customer books, changes and cancels on the phone.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { flows, good } from "./check.mjs";
import { World, browser as launch, operator } from "./world.mjs";

let world, browser;
before(async () => { world = await World.start({ REPLY_QUIET_MS: "0", RATE_LIMIT_MAX_PER_MINUTE: "100" }); browser = await launch(); });
after(async () => { await browser?.close(); await world?.stop(); });

/** Writes as a customer, one message after the answer to the one before; the last answer. */
async function says(customer, to, ...texts) {
  let answer;
  for (const text of texts) {
    const asked = `/v1/accounts/${customer}/messages?with=${to}&direction=in`;
    const before = (await world.phone("GET", asked)).at(-1)?.order ?? 0;
    await world.phone("POST", `/v1/accounts/${customer}/messages`, { chat: to, body: { kind: "text", text } });
    const [message] = await world.phone("GET", `${asked}&after=${before}&wait=60`);
    assert.ok(message, `${text} was not answered`);
    answer = message.body.text;
  }
  return answer;
}

flows(({ width, size, n, step }) => {
  const number = `25575400010${n}`, customer = `25571200010${n}`, name = `Saluni ya ${width}`;
  let page, id;
  const row = () => page.locator("#rows tbody tr", { hasText: `Neema ${width}` });
  const shows = (text) => row().filter({ hasText: text }).waitFor();
  before(async () => { page = await operator(browser, world, size); });
  after(async () => { await page?.context().close(); });

  step("a booking that a customer makes on the phone appears while the page is looked at", async () => {
    id = await world.linked(name, number, { template_type: "BOOKING", language: "EN", business_name: name });
    await world.customer(customer, "Neema");
    await page.goto(`/admin/tenants/${id}/bookings?day=all`);
    await good(page);
    assert.equal(await page.locator("#rows tbody tr").count(), 0, "nothing is booked yet");
    await page.evaluate(() => { window.sameDocument = true; });
    const said = await says(customer, number, "1", "visit", "tomorrow", "10:30", `Neema ${width}`, "yes");
    assert.match(said, /B-1001/);
    await shows("B-1001");
    await shows("10:30");
    assert.ok(await page.evaluate(() => window.sameDocument), "the page was not loaded again");
    await good(page);
  });

  step("it moves when the customer changes it, and stands as cancelled when it is called off", async () => {
    await says(customer, number, "change", "tomorrow at 11:30", "yes");
    await shows("11:30");
    await says(customer, number, "cancel", "yes");
    await shows("Cancelled");
    assert.ok(await page.evaluate(() => window.sameDocument), "the page was not loaded again");
    await good(page);
  });
});
