// Bots on machines beside the control plane's own, by its pages: which there are, how each does, a tenant that is moved with its
// phone, a machine that is emptied, and one that is given up only by its name.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { flows, goodInBoth } from "./check.mjs";
import { World, browser as launch, operator } from "./world.mjs";

let world, browser;
before(async () => {
  world = await World.start({}, { hosts: ["dar-1", "dar-2"], away: ["arusha"] });
  browser = await launch();
});
after(async () => { await browser?.close(); await world?.stop(); });

/** Waits until a tenant stays on a host. */
const stays = (id, host) =>
  world.follow(() => world.api("GET", `/admin/tenants/${id}/place`), (place) => place.host === host && place.step === "STAYS");

flows(({ width, size, n, step }) => {
  const name = `Saluni ya ${width}`, number = `25575400050${n}`, customer = `25571200050${n}`;
  let page, id, write, host;
  before(async () => {
    page = await operator(browser, world, size);
    id = await world.linked(name, number, { template_type: "SUPPORT", language: "EN", business_name: name });
    write = await world.customer(customer, "Asha");
  });
  after(async () => { await page?.context().close(); });
  const row = (name) => page.getByRole("row", { name: new RegExp(name) });
  const other = () => host === "dar-1" ? "dar-2" : "dar-1";
  /** Opens the menu of a host by the keyboard. */
  const menu = async (name) => {
    await page.goto("/admin/hosts");
    await row(name).locator("summary").focus();
    await page.keyboard.press("Enter");
  };
  /** A customer writes and is answered. */
  const answered = async () => {
    const got = (await world.phone("GET", `/v1/accounts/${customer}/messages?direction=in`)).length;
    await write(number, "Hello");
    for (;;) {
      const messages = await world.phone("GET", `/v1/accounts/${customer}/messages?direction=in&wait=30`);
      if (messages.length > got) return;
    }
  };

  step("each host says how it does, and what is wrong with one that is away", async () => {
    await page.goto("/admin/hosts");
    await page.getByRole("heading", { name: "Hosts", level: 1 }).waitFor();
    for (const one of ["dar-1", "dar-2"]) await row(one).getByText("Ready", { exact: true }).waitFor();
    await row("arusha").getByText("Away", { exact: true }).waitFor();
    await row("arusha").getByText("nobody listens there").waitFor();
    // Its own place in the bar is in sight, however narrow the window.
    const { left, right } = await page.locator(".nav [aria-current]").evaluate((link) => link.getBoundingClientRect());
    assert.ok(left >= 0 && right <= size.width, `from ${left} to ${right} of ${size.width}`);
    await goodInBoth(page);
  });

  step("a tenant goes to another host with its phone, and answers there", async () => {
    host = (await world.api("GET", `/admin/tenants/${id}/place`)).host;
    await answered();
    await page.goto(`/admin/tenants/${id}`);
    await page.getByRole("link", { name: "Move to another host" }).click();
    await page.getByRole("heading", { name: `Where ${name} runs` }).waitFor();
    await goodInBoth(page);
    // Nothing chosen says so at the field, and moves nothing.
    await page.getByRole("button", { name: "Move it" }).click();
    await page.locator(".field .error").getByText("Choose where it goes.").waitFor();
    await goodInBoth(page);
    await page.getByLabel("Move it to").selectOption(other());
    await page.getByRole("button", { name: "Move it" }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    host = other();
    await stays(id, host);
    await world.until(id, (tenant) => tenant.whatsapp_session.state === "CONNECTED");
    await answered();
  });

  step("a host that is emptied gives its tenants to others, and is taken into use again", async () => {
    await menu(host);
    await row(host).getByRole("button", { name: "Move its tenants away" }).click();
    await row(host).getByText("Being emptied", { exact: true }).waitFor();
    const emptied = host;
    host = other();
    await stays(id, host);
    await world.until(id, (tenant) => tenant.whatsapp_session.state === "CONNECTED");
    await answered();
    await menu(emptied);
    await row(emptied).getByRole("button", { name: "Take it into use again" }).click();
    await row(emptied).getByText("Ready", { exact: true }).waitFor();
  });

  step("a host is given up by its name alone, after what is to be looked at first", async () => {
    await menu("arusha");
    await row("arusha").getByRole("link", { name: "Give it up as lost" }).click();
    await page.getByRole("heading", { name: "Give up host arusha" }).waitFor();
    await page.getByText("It has no tenants").waitFor();
    await goodInBoth(page);
    const typed = page.getByLabel("The host's name, so that it is the one you mean");
    await typed.fill("dar-1");
    await page.getByRole("button", { name: "Give it up as lost" }).click();
    await page.locator(".field .error").getByText("Type the name as it is: arusha").waitFor();
    assert.equal(await typed.inputValue(), "dar-1");
    await goodInBoth(page);
    await typed.fill("arusha");
    await page.keyboard.press("Enter");
    await row("arusha").getByText("Given up", { exact: true }).waitFor();
    await menu("arusha");
    await row("arusha").getByRole("button", { name: "Take it into use again" }).click();
    await row("arusha").getByText("Away", { exact: true }).waitFor();
  });
}, ["desk", "tablet", "phone"]);
