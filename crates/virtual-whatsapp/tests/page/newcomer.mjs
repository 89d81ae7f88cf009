// A newcomer in a real browser: makes a phone and a customer, links the bot that shows CODE, chats with it, lets
// something go wrong, and unlinks the bot again. What the browser complains about is a failure, and so is a request to
// anybody else than the page's own server.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const { PAGE: page, CODE: code, CHROMIUM: executablePath } = process.env;
const LIMIT = 60_000;
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const tab = await context.newPage();
tab.setDefaultTimeout(LIMIT);
const complaints = [];
tab.on("pageerror", (error) => complaints.push(error.message));
tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
tab.on("request", (request) => request.url().startsWith(page) || request.url().startsWith("blob:") || complaints.push(`asked ${request.url()}`));

const make = async (button, name, number) => {
  await tab.getByRole("button", { name: button }).click();
  const sheet = tab.getByRole("dialog");
  await sheet.getByLabel("Name").fill(name);
  await sheet.getByLabel("Phone number").fill(number);
  await tab.keyboard.press("Enter");
  await sheet.waitFor({ state: "detached" });
};
await tab.goto(page);
await make("Make a phone first", "Salon", "255754000111");
await make("Make a customer", "Asha", "255754000222");

const owner = tab.locator("#owner-phone");
const customer = tab.locator("#customer-phone");
await owner.getByRole("button", { name: "Link a device" }).click();
await tab.getByLabel("The text of the code").fill("hello");
await tab.getByRole("button", { name: "Link", exact: true }).click();
await tab.getByText("no WhatsApp link code").waitFor();
await tab.getByLabel("The text of the code").fill(code);
await tab.getByRole("button", { name: "Link", exact: true }).click();
await owner.getByText("Active now").waitFor();
await customer.getByText("online").waitFor();
// Customers' phones can encrypt for the device once its keys are there, which is a moment after it is shown as active.
for (let after = 0, found = false; !found; ) {
  const events = await (await fetch(new URL(`/v1/events?after=${after}&wait=60`, page))).json();
  assert.ok(events.length > 0, "the device uploads its keys");
  found = events.some((event) => /prekeys.?uploaded/i.test(JSON.stringify(event)));
  after = events.at(-1).seq;
}

await customer.getByLabel("Message", { exact: true }).fill("Habari");
await tab.keyboard.press("Enter");
await customer.getByRole("log").getByText("echo: Habari").waitFor();
await customer.locator(".bubble.out .tick-delivered, .bubble.out .tick-read").first().waitFor();
await owner.getByRole("button", { name: "Chats" }).click();
await owner.getByRole("button", { name: "Asha" }).click();
await owner.locator(".bubble.out .tick-read").waitFor();

// Anything that people send can be sent.
await customer.getByRole("button", { name: "Send something else" }).click();
await tab.getByRole("button", { name: "Anything else…" }).click();
await tab.getByLabel("Kind").selectOption("poll");
await tab.getByRole("textbox", { name: "Words" }).fill("Which day?");
await tab.getByRole("button", { name: "Send it" }).click();
await customer.getByRole("log").getByText("Poll: Which day?").waitFor();

const twice = tab.getByRole("switch", { name: "Twice" });
await twice.click();
await tab.waitForFunction(() => document.querySelector("[aria-label=Twice]").getAttribute("aria-checked") === "true");
await customer.getByLabel("Message", { exact: true }).fill("once or twice?");
await tab.keyboard.press("Enter");
await customer.getByRole("log").getByText("echo: once or twice?").waitFor();
await tab.getByText("Fault: duplicate").waitFor();
assert.equal(await customer.locator(".bubble.in:not(.dots)").count(), 2, "what came twice was answered once");
await tab.getByRole("button", { name: "All is well" }).click();
await tab.waitForFunction(() => document.querySelector("[aria-label=Twice]").getAttribute("aria-checked") === "false");

for (const width of [360, 768, 1440]) {
  await tab.setViewportSize({ width, height: 740 });
  assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing sticks out at ${width} px`);
}
await owner.getByRole("button", { name: "Linked devices" }).click();
await owner.getByText("Active now").click();
await tab.getByRole("button", { name: "Log out" }).click();
await owner.getByText("No device is linked").waitFor();
await customer.getByText("no bot is linked").waitFor();
// The browser counts the refusal of "hello" as a failure to load something.
assert.deepEqual(complaints.filter((complaint) => !complaint.includes("status of 422")), []);
await browser.close();
