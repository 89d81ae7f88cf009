// The owner's way at the width of a phone in Swahili, with the code to type, and at that of a desk in English, with the code to
// scan: the operator's link, a password, onboarding, approval in a second browser, the phone linked, the bot tried, signed out
// and in again. Nothing is reloaded by hand where a page says that it is live.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { flows, good } from "./check.mjs";
import { World, browser as launch, operator, owner } from "./world.mjs";

let world, browser;
before(async () => { world = await World.start({ REPLY_QUIET_MS: "0", RATE_LIMIT_MAX_PER_MINUTE: "100" }); browser = await launch(); });
after(async () => { await browser?.close(); await world?.stop(); });

const WORDS = {
  phone: { lang: "sw-TZ", start: "Anza", email: "Barua pepe", password: "Nenosiri", newPassword: "Nenosiri jipya", save: "Hifadhi nenosiri",
    name: "Biashara yako inaitwaje?", next: "Endelea", number: "Namba ya WhatsApp", send: "Tuma", submitted: "Tumepokea ombi lako",
    approved: /Msimbo unasubiri simu yako|Bot yako inaanza/, link: "Unganisha simu", getCode: "Nipe msimbo wa kuandika",
    linked: "Imeunganishwa!", answering: "Bot yako inajibu wateja", signOut: "Toka", signIn: "Ingia", wrong: "haviendani",
    tryIt: "Jaribu bot yako", say: "Ujumbe", pack: /Miadi|Bookings|BOOKING/, over: "hakifanyi kazi tena", menu: /Akaunti ya/,
    weekdays: ["Jumapili", "Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi"], yes: "ndiyo", takeOver: "Nijibu mwenyewe", handBack: "Rudisha kwa bot", sendIt: "Tuma", invite: "Alika", staffName: "Jina", settings: "Mipangilio" },
  desk: { lang: "en-GB", start: "Start", email: "Email", password: "Password", newPassword: "New password", save: "Save the password",
    name: "What is your business called?", next: "Next", number: "WhatsApp number", send: "Send", submitted: "We have your request",
    approved: /A code waits for your phone|Your bot is starting/, link: "Link the phone", getCode: "Give me a code to type",
    linked: "Linked!", answering: "Your bot answers customers", signOut: "Sign out", signIn: "Sign in", wrong: "do not go together",
    tryIt: "Try your bot", say: "Message", pack: /Appointments|Bookings|BOOKING/, over: "not good any more", menu: /Account of/,
    weekdays: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"], yes: "yes", takeOver: "Answer myself", handBack: "Give back to the bot", sendIt: "Send", invite: "Invite", staffName: "Name", settings: "Settings" },
};

/** The name of a day that is open by what the onboarding proposes, and of which no hour is over: after tomorrow, and no Sunday. */
function openDay(weekdays) {
  const inDays = (days) => new Date(Date.now() + days * 86_400_000).getUTCDay();
  return weekdays[inDays(2) || inDays(3)];
}

flows(({ width, size, n, step }) => {
  const say = WORDS[width];
  const number = `25575400060${n}`;
  const email = `neema.${width}@example.com`;
  const name = width === "phone" ? "Duka la Neema" : "Neema's Shop";
  const password = "three odd words of mine";
  let page, dashboard, tenant, url;
  const heading = (text) => page.getByRole("heading", { level: 1, name: text });
  const press = (text) => page.getByRole("button", { name: text, exact: true }).click();
  before(async () => {
    tenant = await world.tenant(`Tenant of the ${width}`);
    url = await world.ownerLink(tenant, email, "Neema Juma");
    page = await owner(browser, world, size, { locale: say.lang, isMobile: width === "phone", hasTouch: width === "phone" });
    dashboard = await operator(browser, world, { width: 1440, height: 900 });
    await world.phone("POST", "/v1/accounts", { number, name, business: true });
  });
  after(async () => { await page?.context().close(); await dashboard?.context().close(); });

  step("the first page says what this is, and without a session every page leads to sign-in", async () => {
    await page.goto("/");
    await page.getByRole("link", { name: say.start }).waitFor();
    await good(page);
    await page.goto("/app/status");
    await heading(say.signIn).waitFor();
    assert.match(page.url(), /\/auth\/signin\?next=%2Fapp%2Fstatus$/);
    await good(page);
  });

  step("the operator's link lets the owner in once, and its secret is in no address", async () => {
    await page.goto(url);
    await page.getByText(email).waitFor();
    assert.equal(new URL(page.url()).hash, "");
    await good(page);
    await page.locator("main button[type=submit]").click();
    await page.getByLabel(say.newPassword).fill(password);
    await good(page);
    await press(say.save);
    await page.getByLabel(say.name).waitFor();
    const again = await owner(browser, world, size, { locale: say.lang });
    await again.goto(url);
    await again.getByText(say.over).waitFor();
    await good(again);
    await again.context().close();
  });

  step("onboarding keeps each step, and says what is wrong beside the field", async () => {
    await good(page);
    await page.getByLabel(say.name).fill(name);
    await press(say.next);
    await page.locator(".pack").first().waitFor();
    await good(page);
    await page.locator("input[value=BOOKING]").check();
    await press(say.next);
    await page.getByLabel(say.number).fill("12");
    await good(page);
    await press(say.next);
    await page.locator(".field .error").waitFor();
    assert.equal(await page.getByLabel(say.number).inputValue(), "12");
    await good(page);
    await page.getByLabel(say.number).fill(`0${number.slice(3)}`);
    await press(say.next);
    await page.locator(".day-row").first().waitFor();
    await good(page);
    // The phone is put away and taken out again.
    await page.goto("/app/onboarding");
    await page.locator(".day-row").first().waitFor();
    await press(say.next);
    await page.getByText(`+255 754 000 60${n}`).waitFor();
    await page.getByText(name).first().waitFor();
    await good(page);
  });

  step("the request is sent once, and the page says who has to act", async () => {
    await page.getByRole("button", { name: say.send }).dblclick();
    await heading(say.submitted).waitFor();
    await good(page);
    const requests = await world.api("GET", "/admin/setup-requests?status=SUBMITTED");
    assert.equal(requests.filter((request) => request.tenant_id === tenant).length, 1);
    await page.goto("/app/onboarding");
    await heading(say.submitted).waitFor();
  });

  step("the bot can be tried before any phone is linked", async () => {
    await page.goto("/app/try");
    await page.getByLabel(say.say, { exact: true }).fill("Habari");
    await page.locator("#say button").click();
    await page.locator(".bubble.out").first().waitFor();
    await good(page);
    await page.goto("/app/status");
    await heading(say.submitted).waitFor();
  });

  step("the operator approves in the dashboard, and the owner's page moves without a reload", async () => {
    const [request] = (await world.api("GET", "/admin/setup-requests?status=SUBMITTED")).filter((request) => request.tenant_id === tenant);
    await dashboard.goto(`/admin/setup-requests/${request.id}`);
    await dashboard.getByText(name).first().waitFor();
    await dashboard.getByRole("button", { name: "Approve and start the worker" }).click();
    await heading(say.approved).waitFor();
    await good(page);
  });

  step("the phone is linked, and the page goes on to the status by itself", async () => {
    await page.getByRole("link", { name: say.link }).click();
    await page.locator(".qr-code img").waitFor();
    await good(page);
    if (width === "phone") {
      const [typing, scanning] = await Promise.all([".by-typing", ".by-scanning"].map((part) => page.locator(part).boundingBox()));
      assert.ok(typing.y < scanning.y, "the code to type comes first on a phone");
      await press(say.getCode);
      const code = (await page.locator(".pair-code output").innerText()).replace("-", "");
      await good(page);
      await world.phone("POST", `/v1/accounts/${number}/pairing-code`, { code });
    } else {
      await page.evaluate(() => document.querySelector(".qr-code").scrollIntoView({ block: "center" }));
      await world.phone("POST", `/v1/accounts/${number}/scan`, await page.screenshot(), "image/png");
    }
    await page.getByText(say.linked).waitFor();
    await good(page);
    await heading(say.answering).waitFor();
    assert.equal(new URL(page.url()).pathname, "/app/status");
    await good(page);
  });

  const customer = `25571200060${n}`;
  /** Writes as the customer, one message after the answer to the one before; the last answer. */
  async function says(...texts) {
    let answer;
    for (const text of texts) {
      const asked = `/v1/accounts/${customer}/messages?with=${number}&direction=in`;
      const before = (await world.phone("GET", asked)).at(-1)?.order ?? 0;
      await world.phone("POST", `/v1/accounts/${customer}/messages`, { chat: number, body: { kind: "text", text } });
      const [message] = await world.phone("GET", `${asked}&after=${before}&wait=60`);
      assert.ok(message, `${text} was not answered`);
      answer = message.body.text;
    }
    return answer;
  }

  step("a customer is answered, books, and the booking stands in the portal while it is looked at", async () => {
    await world.keys(number);
    await world.customer(customer, "Asha");
    await says("Habari");
    await page.goto("/app/bookings?search=B-1001");
    await good(page);
    const said = await says("1", "1", openDay(say.weekdays), "10:30", "Asha", say.yes);
    assert.match(said, /B-1001/);
    await page.locator("#day .record-head", { hasText: "B-1001" }).waitFor();
    await page.locator("#day").getByText("10:30").waitFor();
    await good(page);
  });

  step("what changes is put where it changed: an open menu and the focus stay", async () => {
    const menu = page.locator("#day details.menu").first();
    await menu.locator("summary").click();
    await menu.locator("summary").focus();
    await page.evaluate(() => { document.querySelector("#day .record").before = "the same"; });
    const [{ version }] = (await world.api("GET", `/admin/tenants/${tenant}/bookings?day=all`)).filter(({ reference }) => reference === "B-1001");
    await world.api("POST", `/admin/tenants/${tenant}/records/B-1001`, { version, time: "11:00" });
    await page.locator("#day").getByText("11:00").waitFor();
    assert.deepEqual(await page.evaluate(() => [document.querySelector("#day details.menu").open,
      document.activeElement?.tagName, document.querySelector("#day .record").before]), [true, "SUMMARY", "the same"]);
  });

  step("the owner takes the conversation over, writes, and gives it back", async () => {
    await page.goto("/app/messages");
    await page.locator("#chats .row-link").first().click();
    await page.locator("#talk .bubble").first().waitFor();
    await good(page);
    await press(say.takeOver);
    await page.getByRole("button", { name: say.handBack, exact: true }).waitFor();
    await page.locator("#text").fill(`By hand, ${width}`);
    await page.locator("#say button").click();
    await world.heard(customer, `By hand, ${width}`);
    await page.locator("#talk").getByText(`By hand, ${width}`).waitFor();
    // The bot keeps quiet: what is written now is answered by nobody, and stands in the conversation at once.
    await world.phone("POST", `/v1/accounts/${customer}/messages`, { chat: number, body: { kind: "text", text: `Asante ${width}` } });
    await page.locator("#talk").getByText(`Asante ${width}`).waitFor();
    await press(say.handBack);
    await page.getByRole("button", { name: say.takeOver, exact: true }).waitFor();
    await says("menu");
    await good(page);
  });

  step("somebody whom the owner invites sees the conversations, and no settings of the bot", async () => {
    await page.goto("/app/settings");
    await good(page);
    const staff = page.locator("#staff form").last();
    await staff.locator("input[name=member_name]").fill("Juma Ali");
    await staff.locator("input[name=member_email]").fill(`juma.${width}@example.com`);
    await staff.locator("button[type=submit]").click();
    const link = (await page.locator("#staff .copyable").innerText()).trim();
    await good(page);
    const helper = await owner(browser, world, size, { locale: say.lang });
    await helper.goto(link);
    await helper.locator("main button[type=submit]").click();
    await helper.waitForURL((at) => at.pathname.startsWith("/app/") || at.pathname.startsWith("/auth/password"));
    await helper.goto("/app/messages");
    await helper.locator("#chats .row-link").first().waitFor();
    await good(helper);
    await helper.locator("#chats .row-link").first().click();
    await helper.getByRole("button", { name: say.takeOver, exact: true }).click();
    await helper.locator("#text").fill(`By staff, ${width}`);
    await helper.locator("#say button").click();
    await world.heard(customer, `By staff, ${width}`);
    await helper.getByRole("button", { name: say.handBack, exact: true }).click();
    await helper.getByRole("button", { name: say.takeOver, exact: true }).waitFor();
    // The phone is the owner's.
    await helper.goto("/app/whatsapp?stay=1");
    await helper.getByText(`+255 754 000 60${n}`).first().waitFor();
    assert.equal(await helper.locator("main form").count(), 0, "staff can neither link nor unlink");
    await good(helper);
    const refused = await helper.goto("/app/bot");
    assert.equal(await helper.locator("form[action^='/app/bot']").count(), 0, `${refused.status()}`);
    await helper.context().close();
  });

  step("the owner signs out, is told when a password is wrong, and gets in again", async () => {
    await page.locator("header summary").click();
    await press(say.signOut);
    await page.getByRole("link", { name: say.start }).waitFor();
    await page.goto("/auth/signin");
    await page.getByLabel(say.email).fill(email.toUpperCase());
    await page.getByLabel(say.password).fill("not the password at all");
    await press(say.signIn);
    await page.getByText(say.wrong).waitFor();
    await good(page);
    await page.getByLabel(say.password).fill(password);
    await press(say.signIn);
    await heading(say.answering).waitFor();
    await page.goto("/auth/signin");
    await heading(say.answering).waitFor();
  });

  step("what is being typed when the session ends stays, whatever happens beside it", async () => {
    await page.goto("/app/messages");
    await page.locator("#chats .row-link").first().click();
    await page.getByRole("button", { name: say.takeOver, exact: true }).click();
    await page.locator("#text").fill("Half a sen");
    await page.context().clearCookies();
    await world.phone("POST", `/v1/accounts/${customer}/messages`, { chat: number, body: { kind: "text", text: "Are you there?" } });
    await page.locator("[data-out]").waitFor({ state: "visible" });
    assert.equal(await page.locator("#text").inputValue(), "Half a sen");
    await good(page);
    await page.goto("/auth/signin");
    await page.getByLabel(say.email).fill(email);
    await page.getByLabel(say.password).fill(password);
    await press(say.signIn);
    await heading(say.answering).waitFor();
  });

  step("a form that is sent after the session ended is there again with what was typed", async () => {
    await page.goto("/app/settings");
    await page.locator("#f-name").fill("Amina J. Juma");
    await page.context().clearCookies();
    await page.locator("#you button[type=submit]").click();
    await page.getByLabel(say.email).fill(email);
    await page.getByLabel(say.password).fill(password);
    await press(say.signIn);
    await page.locator("#you .banner.warn").waitFor();
    assert.equal(await page.locator("#f-name").inputValue(), "Amina J. Juma");
    await good(page);
    await page.locator("#you button[type=submit]").click();
    await page.waitForURL(/done=/);
    assert.equal(await page.locator("#f-name").inputValue(), "Amina J. Juma");
    assert.equal(await page.locator("#you .banner.warn").count(), 0);
  });
});
