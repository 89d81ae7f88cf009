// Owners and staff who get in by letters, through a real mail server: a link to sign in, a forgotten password, an invitation,
// another address. A letter is read as its reader would read it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { good } from "./check.mjs";
import { LIMIT, SIZES, World, browser as launch, owner } from "./world.mjs";

const python = process.env.FLOWHQ_TEST_SMTP_PYTHON ?? "off";
if (python === "off" && process.env.CI) throw new Error("FLOWHQ_TEST_SMTP_PYTHON names no Python with aiosmtpd");
const skip = python === "off" ? "FLOWHQ_TEST_SMTP_PYTHON is not set: letters were NOT tested" : false;
const options = { skip, timeout: 3 * LIMIT };

let world, browser, server, letters;
before(async () => {
  if (skip) return;
  server = spawn(python, [fileURLToPath(new URL("mailbox.py", import.meta.url))], { stdio: ["ignore", "pipe", "inherit"] });
  letters = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const { port } = await letter();
  world = await World.start({ SMTP_URL: `smtp://127.0.0.1:${port}`, ALERT_EMAIL_FROM: "bots@example.com", ALERT_EMAIL_TO: "operator@example.com" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.stop();
  if (server) { const gone = once(server, "exit"); server.kill(); await gone; }
});

/** The next letter that is not the operator's. */
async function letter() {
  for (;;) {
    const { value, done } = await letters.next();
    if (done) throw new Error("the mail server ended");
    const said = JSON.parse(value);
    if (!said.to?.includes("operator@example.com")) return said;
  }
}
const linkIn = ({ text }) => /\bhttp:\/\/\S+\/auth\/link#\S+/.exec(text)?.[0] ?? assert.fail(text);
const visit = (size = SIZES.phone, locale = "en-GB") => owner(browser, world, size, { locale });

async function follow(page, said) {
  await page.goto(linkIn(said));
  await page.locator("form[action='/auth/link/take'] button").click();
}
async function ask(page, address, how) {
  await page.goto(`/auth/email${how}`);
  await good(page);
  await page.getByLabel("Email").fill(address);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByRole("heading", { name: "Look into your email" }).waitFor();
  await good(page);
}

const amina = "amina@example.com";
const password = "three odd words of mine";

test("an owner asks for a letter and gets in by its link, once; nobody learns who has an account", options, async () => {
  const tenant = await world.tenant("Saluni ya Amina");
  const first = await visit();
  await first.goto(await world.ownerLink(tenant, amina, "Amina Juma"));
  await first.locator("form[action='/auth/link/take'] button").click();
  await first.getByLabel("New password").waitFor();
  await first.context().close();

  const page = await visit();
  await ask(page, "nobody@example.com", "");
  await ask(page, ` ${amina.toUpperCase()} `, "");
  const said = await letter();
  assert.deepEqual(said.to, [amina], "whoever has no account is written nothing");
  assert.match(said.subject, /Flow HQ/);
  await follow(page, said);
  // Who has no password yet may set one, or leave it.
  await page.getByLabel("New password").waitFor();
  await good(page);
  await page.getByRole("link", { name: "Later" }).click();
  await page.waitForURL(/\/app\/onboarding/);
  await good(page);

  const again = await visit();
  await again.goto(linkIn(said));
  await again.getByText("not good any more").waitFor();
  await good(again);
  await again.context().close();
  await page.context().close();
});

test("a forgotten password is set anew by a letter, and lets in", options, async () => {
  const page = await visit(SIZES.desk);
  await ask(page, amina, "?for=reset");
  await follow(page, await letter());
  await page.getByLabel("New password").fill(password);
  await good(page);
  await page.getByRole("button", { name: "Save the password" }).click();
  await page.waitForURL(/\/app\/onboarding/);
  await page.context().close();
  const other = await visit();
  await other.goto("/auth/signin");
  await other.getByLabel("Email").fill(amina);
  await other.getByLabel("Password").fill(password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await other.waitForURL(/\/app\/onboarding/);
  await other.context().close();
});

test("somebody who is invited gets a letter, and serves the business by its link", options, async () => {
  const page = await visit(SIZES.desk);
  await page.goto("/auth/signin");
  await page.getByLabel("Email").fill(amina);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/app\/onboarding/);
  const [{ id: tenant }] = await world.api("GET", "/admin/tenants");
  const request = { tenant_id: tenant, owner: { name: "Amina Juma", email: amina }, template_type: "BOOKING", whatsapp_number: "+255754000777" };
  await world.api("POST", "/admin/setup-requests", request);
  await page.goto("/app/settings");
  await page.locator("#staff input[name=member_name]").fill("Juma Ali");
  await page.locator("#staff input[name=member_email]").fill("juma@example.com");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByText("The invitation is on its way by email.").waitFor();
  await good(page);
  const said = await letter();
  assert.deepEqual(said.to, ["juma@example.com"]);
  assert.ok(said.text.includes("Amina Juma"), said.text);
  const juma = await visit(SIZES.phone, "sw-TZ");
  await follow(juma, said);
  await juma.waitForURL(/\/(app|auth\/password)/);
  await juma.goto("/app/messages");
  await juma.getByRole("heading", { level: 1, name: "Ujumbe" }).waitFor();
  await good(juma);
  assert.equal(await juma.locator("nav.tabs a[href='/app/bot']").count(), 0, "what the bot says is the owner's");

  // Another address is confirmed at both, and no sooner the account's.
  await page.locator("#sign-in summary", { hasText: "Change the address" }).click();
  await page.getByLabel("New email address").fill("amina.juma@example.com");
  await page.locator("form[action='/app/settings/email'] button").click();
  await page.getByText("We have written to both addresses.").waitFor();
  const both = [await letter(), await letter()];
  assert.deepEqual(both.flatMap(({ to }) => to).sort(), ["amina.juma@example.com", amina]);
  await follow(page, both[0]);
  await page.getByText("Now open the link that we sent to your other address").waitFor();
  await good(page);
  await follow(page, both[1]);
  await page.getByText("Your email is changed.").waitFor();
  await juma.context().close();
  await page.context().close();
});
