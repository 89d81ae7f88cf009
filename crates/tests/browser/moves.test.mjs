// A tenant moves to another installation by the pages of both: the keyboard, both languages, without scripts, and the commands that
// the pages show carried out on the server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { flows, good, goodInBoth } from "./check.mjs";
import { LIMIT, SIZES, World, browser as launch, operator } from "./world.mjs";

let there, here, browser;
before(async () => {
  here = await World.start();
  // The same WhatsApp, so that the bot goes on with the device that it has.
  there = await World.start({ WHATSAPP_URL: here.env.WHATSAPP_URL });
  browser = await launch();
});
after(async () => { await browser?.close(); await there?.stop(); await here?.stop(); });

/** A command that a page shows, on the server of a world. */
const run = (world, command) => {
  const [program, ...words] = command.split(" ");
  assert.equal(program, "flowhq");
  return promisify(execFile)(process.env.FLOWHQ_VIRTUAL_BIN, words, { env: world.env, cwd: world.directory });
};

/** Makes a move key by the page. */
async function key(page) {
  await page.goto("/admin/tenants");
  await page.getByRole("link", { name: "Take in a tenant" }).click();
  await good(page);
  await page.getByRole("button", { name: "Make a move key" }).click();
  await page.locator("section[role=status]").waitFor();
  await good(page);
  return (await page.locator("pre.secret").innerText()).trim();
}

flows(({ width, size, n, step }) => {
  const name = `Saluni ya ${width}`, number = `25575400030${n}`;
  let source, target, id, made;
  before(async () => {
    source = await operator(browser, here, size);
    target = await operator(browser, there, size);
    id = await here.linked(name, number);
  });
  after(async () => { await source?.context().close(); await target?.context().close(); });

  step("the other installation gives a move key, shown once", async () => {
    made = await key(target);
    assert.match(made, /^flowhq-move-key\.v1\./);
    await target.goto("/admin/tenants/move");
    assert.equal(await target.locator("pre.secret").count(), 0);
  });

  step("another name ends nothing, and what was typed is still there", async () => {
    await source.goto(`/admin/tenants/${id}`);
    await source.getByRole("link", { name: "Move to another installation" }).click();
    await source.getByRole("heading", { name: `Move ${name}` }).waitFor();
    await goodInBoth(source);
    await source.getByRole("textbox", { name: "Move key" }).fill(made);
    await source.getByLabel("The tenant's name").fill("Somebody else");
    await source.getByRole("button", { name: "End it here" }).click();
    await source.locator("#e-typed_name").waitFor();
    assert.equal(await source.getByRole("textbox", { name: "Move key" }).inputValue(), made);
    await good(source);
    assert.equal((await here.api("GET", `/admin/tenants/${id}`)).tenant.moved_at, null);
  });

  step("by the keyboard alone it ends here, and the page says what to do with the file", async () => {
    await source.getByLabel("The tenant's name").fill(name);
    await source.keyboard.press("Enter");
    await source.locator("section[role=status]").waitFor();
    await goodInBoth(source);
    await source.goto(`/admin/tenants/${id}`);
    await source.getByText("Its bot has ended here and never starts here again").waitFor();
    // What would be refused is not offered.
    assert.equal(await source.getByRole("button", { name: /^(Start|Link)/ }).count(), 0);
    await good(source);
    await source.goto("/admin/tenants");
    const row = source.locator("tbody tr", { has: source.getByRole("link", { name, exact: true }) });
    await row.locator(".pill", { hasText: "Moved" }).waitFor();
    assert.equal(await row.getByRole("button", { name: /Start|Link/, includeHidden: true }).count(), 0);
    await good(source);
    await source.goto(`/admin/tenants/${id}`);
    await source.getByRole("link", { name: "See how the move goes on" }).click();
    await source.getByRole("heading", { name: "Moved to another installation" }).waitFor();
    await good(source);
  });

  step("the same key writes the file again, and the commands of the page bring it there", async () => {
    await source.getByRole("textbox", { name: "Move key" }).fill(made);
    await source.getByLabel("The tenant's name").fill(name);
    await source.getByRole("button", { name: "Write the file again" }).click();
    await source.locator("section[role=status]").waitFor();
    const [file, carry, take] = await source.locator("pre").allInnerTexts();
    assert.ok(carry.startsWith(`scp ${file} `), carry);
    await copyFile(file, join(there.directory, take.split(" ").at(-1)));
    await run(there, take);
    await target.goto(`/admin/tenants/${id}`);
    await target.locator("#now .pill", { hasText: "Answering" }).waitFor();
    await good(target);
  });
});

test("moves are said in Swahili, and need no scripts", { timeout: 3 * LIMIT }, async () => {
  const name = "Bila skripti", id = await here.tenant(name);
  const [source, target] = await Promise.all([here, there].map((world) =>
    operator(browser, world, SIZES.phone, { javaScriptEnabled: false, locale: "sw-TZ" })));
  await target.goto("/admin/tenants/move");
  await target.getByRole("button", { name: "Tengeneza ufunguo wa kuhamisha" }).click();
  const made = (await target.locator("pre.secret").innerText()).trim();
  await source.goto(`/admin/tenants/${id}/move`);
  await source.getByRole("heading", { name: `Hamishia ${name}` }).waitFor();
  await source.locator("#f-move_key").fill(made);
  await source.locator("#f-typed_name").fill(name);
  await source.getByRole("button", { name: "Komesha hapa" }).click();
  await source.getByRole("heading", { name: "imekoma hapa" }).waitFor();
  await source.goto(`/admin/tenants/${id}`);
  await source.getByText("Imehamishiwa mfumo mwingine").first().waitFor();
  await Promise.all([source, target].map((page) => page.context().close()));
});
