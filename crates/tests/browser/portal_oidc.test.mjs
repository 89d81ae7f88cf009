// Owners who sign in by a provider: npm's oidc-provider, in a real browser. Whoever comes for the first time gets a business
// of their own, and never sees another's.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { good } from "./check.mjs";
import { SIZES, World, browser as launch, owner } from "./world.mjs";

/** A port that is free now: a provider is told where it leads back to before the portal listens there. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function provider(port, secret) {
  const folder = fileURLToPath(new URL("../../oidc/tests/provider/", import.meta.url));
  const redirects = `http://127.0.0.1:${port}/api/auth/callback/oidc`;
  const child = spawn("node", ["provider.mjs"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PORT: "0", OIDC_CLIENT_SECRET: secret, OIDC_REDIRECTS: redirects } });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("issuer ")) return { child, issuer: line.slice(7) };
  }
  throw new Error("the provider ended before it listened");
}

let world, browser, stood;
before(async () => {
  const port = await freePort(), secret = randomBytes(24).toString("hex");
  stood = await provider(port, secret);
  world = await World.start({ PORTAL_PORT: String(port), OIDC_ISSUER: stood.issuer, OIDC_CLIENT_ID: "flowhq", OIDC_CLIENT_SECRET: secret, OIDC_NAME: "Trial" });
  browser = await launch();
});
after(async () => { await browser?.close(); await world?.stop(); stood?.child.kill(); });

/** Signs in as somebody, from the page on which one does. */
async function signIn(who, press = "Continue") {
  const page = await owner(browser, world, SIZES.desk, { locale: "en-GB" });
  await page.goto("/auth/signin");
  await page.getByRole("link", { name: /Trial/ }).or(page.getByRole("button", { name: /Trial/ })).first().click();
  await page.getByLabel("Your email address").fill(who);
  await page.getByRole("button", { name: press }).click();
  return page;
}

/** That a browser asked the provider is what was meant, and nobody else was asked. */
async function goodHere(page) {
  page.complaints.splice(0, page.complaints.length, ...page.complaints.filter((told) => !told.startsWith(`asked ${stood.issuer}/`)));
  await good(page);
}

test("whoever comes for the first time gets a business of their own, and the same one again", async () => {
  const first = await signIn("Amina@Example.com");
  await first.waitForURL(/\/app\/onboarding/);
  await goodHere(first);
  const again = await signIn("amina@example.com");
  await again.waitForURL(/\/app\/onboarding/);
  const other = await signIn("baraka@example.com");
  await other.waitForURL(/\/app\/onboarding/);
  const tenants = await world.api("GET", "/admin/tenants");
  assert.equal(tenants.length, 2, JSON.stringify(tenants.map((tenant) => tenant.name)));
  const mine = async (page) => (await page.evaluate(async () => (await fetch("/api/portal/me")).json()));
  const [a, b, c] = [await mine(first), await mine(again), await mine(other)];
  assert.equal(a.tenant.id, b.tenant.id);
  assert.notEqual(a.tenant.id, c.tenant.id);
  assert.deepEqual([a.user.email, a.user.role, c.user.email], ["amina@example.com", "OWNER", "baraka@example.com"]);
  for (const page of [first, again, other]) await page.context().close();
});

test("somebody who was invited joins that business by the provider, and gets none of their own", async () => {
  const amina = await signIn("amina@example.com");
  await amina.waitForURL(/\/app\/onboarding/);
  const me = (page) => page.evaluate(async () => (await fetch("/api/portal/me")).json());
  const mine = await me(amina);
  const asked = { templateType: "BOOKING", businessName: "Saluni ya Amina", whatsappNumber: "+255754000778", language: "SW" };
  const sent = await amina.evaluate(async (asked) => (await fetch("/api/portal/setup-request", { method: "POST",
    headers: { "content-type": "application/json" }, body: JSON.stringify(asked) })).status, asked);
  assert.equal(sent, 201);
  await amina.goto("/app/settings");
  await amina.locator("#staff input[name=member_name]").fill("Juma Ali");
  await amina.locator("#staff input[name=member_email]").fill("Juma@Example.com");
  await amina.getByRole("button", { name: "Invite" }).click();
  await amina.locator("#staff .copyable").waitFor();
  await goodHere(amina);
  const before = (await world.api("GET", "/admin/tenants")).length;
  const juma = await signIn("juma@example.com");
  await juma.waitForURL(/\/app\/status/);
  await goodHere(juma);
  const joined = await me(juma);
  assert.deepEqual([joined.tenant.id, joined.user.role], [mine.tenant.id, "STAFF"]);
  assert.equal((await world.api("GET", "/admin/tenants")).length, before, "no tenant was made for the invited");
  for (const page of [amina, juma]) await page.context().close();
});

test("an address that the provider has not verified, and somebody who says no, are told so", async () => {
  for (const [who, press] of [["unverified@example.com", "Continue"], ["neema@example.com", "Cancel"]]) {
    const page = await signIn(who, press);
    await page.waitForURL(/127\.0\.0\.1:\d+\/(auth|api\/auth)/);
    await page.getByRole("alert").or(page.locator(".banner")).first().waitFor();
    await goodHere(page);
    await page.context().close();
  }
  const tenants = await world.api("GET", "/admin/tenants");
  assert.equal(tenants.length, 2, "nobody got in");
});
