// Signing in and out, with the admin password and with an account that has a second factor.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before } from "node:test";
import { flows, good } from "./check.mjs";
import { PASSWORD, World, browser as launch, operator } from "./world.mjs";

let world, browser;
before(async () => { world = await World.start(); browser = await launch(); });
after(async () => { await browser?.close(); await world?.stop(); });

/** The code of an app for `secret` (RFC 6238: SHA-1, 30 s, six digits), `later` steps from now. */
function code(secret, later) {
  const bits = [...secret.replace(/[\s=]/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac("sha1", key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

flows(({ width, size, step }) => {
  const email = `juma.${width}@example.com`;
  let page, password;
  before(async () => { page = await operator(browser, world, size, { stranger: true }); });
  after(async () => { await page?.context().close(); });
  const fill = async (user, password) => {
    await page.getByLabel(/^Email/).fill(user);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  const leave = async () => {
    await page.locator("summary", { hasText: /admin|Juma/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  };

  step("a stranger is asked for a password, told when it is wrong, and led to where they wanted to go", async () => {
    await page.goto("/admin/events?type=TENANT_CREATED");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await good(page);
    await fill("admin", "not the password");
    await page.getByText("do not go together").waitFor();
    assert.equal(await page.getByLabel(/^Email/).inputValue(), "admin");
    await good(page);
    await fill("admin", PASSWORD);
    await page.getByRole("heading", { level: 1, name: "Audit" }).waitFor();
    assert.equal(new URL(page.url()).search, "?type=TENANT_CREATED");
  });

  step("an operator gets an account, with a password that is shown once", async () => {
    await page.goto("/admin/operators");
    await good(page);
    await page.getByLabel("Name").fill(`Juma ${width}`);
    await page.getByLabel("Email").fill("nothing");
    await page.getByRole("button", { name: "Add operator" }).click();
    // The browser itself asks for an address; what it takes may still be refused by us.
    assert.ok(await page.evaluate(() => !document.querySelector("[name=email]").validity.valid));
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Add operator" }).click();
    password = (await page.locator(".secret").textContent()).trim();
    await good(page);
    await page.goto("/admin/account");
    await page.getByText("You use the admin password").waitFor();
    await good(page);
    await leave();
  });

  step("they sign in, and protect the account by a second factor", async () => {
    await fill(email, password);
    await page.getByRole("heading", { level: 1, name: "Tenants" }).waitFor();
    await page.goto("/admin/account");
    await good(page);
    await page.getByRole("link", { name: "Set up a second factor" }).click();
    await page.getByRole("heading", { level: 1, name: "Set up a second factor" }).waitFor();
    await good(page);
    const secret = await page.locator("main p.mono").textContent();
    await page.getByRole("textbox", { name: "Code" }).fill(code(secret, 0));
    await page.getByRole("button", { name: "Turn it on" }).click();
    await page.getByRole("heading", { name: "Keep these recovery codes" }).waitFor();
    await good(page);
    await leave();
    await fill(email, password);
    await page.getByRole("textbox", { name: "Code" }).waitFor();
    await good(page);
    // A code is taken once, so the next one.
    await page.getByRole("textbox", { name: "Code" }).fill(code(secret, 1));
    await page.getByRole("main").getByRole("button").click();
    await page.getByRole("heading", { level: 1, name: "Tenants" }).waitFor();
  });

  step("whoever has signed out is out", async () => {
    await leave();
    await page.goto("/admin/tenants");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.ok(!(await page.context().cookies()).some(({ name }) => name === "flowhq_admin"), "the session's cookie is gone");
  });

  step("an operator is removed by what the mouse can reach", async () => {
    await fill("admin", PASSWORD);
    await page.getByRole("heading", { level: 1, name: "Tenants" }).waitFor();
    await page.goto("/admin/operators");
    const row = page.locator("tbody tr", { hasText: email });
    await row.locator("summary").click();
    await good(page);
    await row.getByRole("button", { name: /^Remove/ }).click();
    await row.waitFor({ state: "detached" });
  });
}, ["desk", "tablet", "phone"]);
