// Owners' requests: looked at, approved until the bot answers, or rejected with a note. They are filed by the API here.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { flows, good, scan } from "./check.mjs";
import { World, browser as launch, operator } from "./world.mjs";

let world, browser;
before(async () => { world = await World.start(); browser = await launch(); });
after(async () => { await browser?.close(); await world?.stop(); });

flows(({ width, size, n, step }) => {
  const name = `Duka la ${width}`, number = `25575500000${n}`;
  let page, tenant, request;
  const row = (name) => page.locator("tbody tr", { has: page.getByRole("link", { name, exact: true }) });
  const file = async (name, number) => {
    const tenant_id = await world.tenant(name, undefined);
    const owner = { name: "Amina Juma", email: `owner${number}@example.com` };
    const { id } = await world.api("POST", "/admin/setup-requests",
      { tenant_id, owner, template_type: "ECOMMERCE", whatsapp_number: `+${number}`, notes: "The shop in Kariakoo" });
    return { tenant: tenant_id, request: id };
  };
  before(async () => { page = await operator(browser, world, size); });
  after(async () => { await page?.context().close(); });

  step("where nobody has asked, the page says what will be here", async () => {
    await page.goto("/admin/setup-requests?status=REVIEWING");
    await page.getByText("No setup requests here").waitFor();
    await good(page);
  });

  step("a request is counted, found and taken into review", async () => {
    ({ tenant, request } = await file(name, number));
    await page.goto("/admin/setup-requests");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Setup requests \d+/ }).waitFor();
    await good(page);
    await row(name).getByRole("link", { name, exact: true }).click();
    await page.getByText("Waits for an operator.").waitFor();
    await page.getByText("The shop in Kariakoo").waitFor();
    await good(page);
    await page.getByRole("button", { name: "Take into review" }).click();
    await page.getByText("An operator is looking at it.").waitFor();
    await page.goto("/admin/setup-requests?status=REVIEWING");
    await row(name).getByText("In review", { exact: true }).waitFor();
  });

  step("it is approved, the worker starts, the phone scans, and it is ACTIVE", async () => {
    await world.phone("POST", "/v1/accounts", { number, name, business: true });
    const late = await operator(browser, world, size);
    await late.goto(`/admin/setup-requests/${request}`);
    await page.goto(`/admin/setup-requests/${request}`);
    await page.getByRole("button", { name: "Approve and start the worker" }).click();
    await page.getByText("the owner's phone has to scan the code").waitFor();
    await good(page);
    await late.getByRole("button", { name: "Approve and start the worker" }).click();
    await late.getByText("cannot become APPROVED").or(late.getByText(/already/)).first().waitFor();
    await good(late);
    await late.context().close();
    await page.getByRole("link", { name: "Open the tenant" }).click();
    await scan(page, world, number);
    await page.locator("#now .pill", { hasText: "Answering" }).waitFor();
    await world.follow(() => world.api("GET", `/admin/setup-requests/${request}`), ({ status }) => status === "ACTIVE");
    await page.goto(`/admin/setup-requests/${request}`);
    await page.getByText("The phone is linked and the bot answers.").waitFor();
    await good(page);
  });

  step("its tenant is suspended and goes on, from the request's own page", async () => {
    await page.getByRole("button", { name: "Suspend" }).click();
    await page.getByLabel("Why? The owner reads it.").fill("The bill is unpaid.");
    await good(page);
    await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
    await page.getByText("The bill is unpaid.").waitFor();
    assert.equal(new URL(page.url()).pathname, `/admin/setup-requests/${request}`);
    await good(page);
    await page.getByRole("button", { name: "Lift suspension" }).click();
    await page.getByRole("button", { name: "Suspend" }).waitFor();
    assert.equal((await world.api("GET", `/admin/tenants/${tenant}`)).tenant.suspended_at, null);
  });

  step("another is rejected with a note, which is asked for", async () => {
    const other = await file(`Not ${name}`, `25575600000${n}`);
    await page.goto(`/admin/setup-requests/${other.request}`);
    await page.getByLabel("Note to the owner").fill("   ");
    await page.getByRole("button", { name: "Reject the request" }).click();
    await page.locator("#e-notes").waitFor();
    await good(page);
    await page.getByLabel("Note to the owner").fill("This number belongs to somebody else.");
    await page.getByRole("button", { name: "Reject the request" }).click();
    await page.getByText("The owner reads the note and may ask again.").waitFor();
    await page.getByText("This number belongs to somebody else.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Approve and start the worker" }).count(), 0);
    await good(page);
    await page.goto("/admin/setup-requests?status=REJECTED");
    await row(`Not ${name}`).waitFor();
  });
});
