// A fleet of 35 with seven different troubles: each is found with what to do about it, on the list and on its own page, without
// scrolling there, at every width and in both themes.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { flows, good } from "./check.mjs";
import { fleet } from "./fleet.mjs";
import { World, browser as launch, operator } from "./world.mjs";

/** What each trouble says, and the one button or link that mends it; WhatsApp's own limit ends by itself. */
const SAID = {
  removed: ["Phone removed", /^The phone has removed this device\. Link it again/, "Link again"],
  refused: ["Refused", /WhatsApp has locked this account/, "Link again"],
  replaced: ["Refused", /another client has taken this session's place/, "Link again"],
  limited: ["Limited", /^Limited by WhatsApp until (\d{4}-\d\d-\d\d )?\d\d:\d\d\. Nothing to do but wait\./, undefined],
  number: ["Other number", /has the number \+255754188888 and not the declared one/, "Confirm number"],
  request: ["Owner asks", /^The owner's setup request waits for you\./, "See the request"],
  suspended: ["Suspended", /^An operator has suspended this bot: Deni la mwezi wa kumi\./, "Lift suspension"],
};

let world, browser, made;
before(async () => { world = await World.start(); browser = await launch(); made = await fleet(world); });
after(async () => { await browser?.close(); await world?.stop(); });

/** Whether all of something is in the window as it was opened. */
const inSight = async (page, part) => {
  const box = await part.boundingBox();
  const { width, height } = page.viewportSize();
  return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
};

flows(({ width, size, look }) => {
  for (const colorScheme of ["light", "dark"]) {
    let page;
    before(async () => { page = await operator(browser, world, size, { colorScheme }); });
    after(async () => { await page?.context().close(); });

    look(`the list opens with those that need a person, and its tiles count everybody, ${colorScheme}`, async () => {
      await page.goto("/admin/tenants");
      const tiles = await page.locator("#tiles a.tile").evaluateAll((all) => all.map((tile) => [
        new URL(tile.href).searchParams.get("show"), Number(/\d+/.exec(tile.textContent)[0])]));
      assert.equal(tiles[0][0], "needs");
      const counts = Object.fromEntries(tiles.map(([show, count]) => [show ?? "all", count]));
      const { all, ...parts } = counts;
      assert.deepEqual(counts, { needs: 6, waiting: 1, answering: 6, suspended: 1, paused: 1, new: 20, all: 35 });
      assert.equal(Object.values(parts).reduce((sum, count) => sum + count), all, "every tenant is in one tile");
      const names = await page.locator("tbody tr .name").allTextContents();
      const { suspended, ...needy } = made.troubles;
      assert.deepEqual(names.slice(0, 6).sort(), Object.values(needy).sort());
      assert.equal(names[6], made.code);
      assert.ok(names.indexOf(suspended) < names.indexOf(made.paused), "what stands still comes after what works");
      // Whoever was never started is last, and its button is quiet.
      const loud = await page.locator("tbody tr", { hasText: "Never started" }).locator(".btn.primary").count();
      assert.equal(loud, 0);
      await good(page);
    });

    for (const [what, [word, sentence, remedy]] of Object.entries(SAID)) {
      look(`${what}: the list says it and what to do, ${colorScheme}`, async () => {
        await page.goto("/admin/tenants");
        const row = page.locator("tbody tr", { has: page.getByRole("link", { name: made.troubles[what], exact: true }) });
        await row.locator(".pill", { hasText: word }).waitFor();
        assert.match(await row.locator(".say").innerText(), sentence);
        if (remedy) await row.locator(".acts").locator(".btn", { hasText: remedy }).waitFor();
      });

      look(`${what}: its page says it and what to do before anything else, ${colorScheme}`, async () => {
        await page.goto(`/admin/tenants/${made.id[made.troubles[what]]}`);
        const now = page.locator("#now");
        await now.locator(".pill", { hasText: word }).waitFor();
        const said = now.locator(".say").first();
        assert.match(await said.innerText(), sentence);
        assert.ok(await inSight(page, said), `${width}: what is wrong is out of sight`);
        if (remedy) {
          const button = now.locator(".btn.primary", { hasText: remedy });
          assert.ok(await inSight(page, button), `${width}: what to do is out of sight`);
          assert.equal(await now.locator(".btn.primary").count(), 1, "one thing to do");
        }
        await good(page);
      });
    }

    look(`the code to scan is in sight with its steps, ${colorScheme}`, async () => {
      await page.goto(`/admin/tenants/${made.id[made.code]}`);
      const code = page.locator(".qr-code svg");
      await code.waitFor();
      const box = await code.boundingBox();
      assert.ok(box.width >= 264, `a code of ${box.width} px`);
      assert.ok(await inSight(page, code), `${width}: the code ends at ${box.y + box.height} px`);
      await good(page);
    });

    look(`what needs a hand stands first on the system page, ${colorScheme}`, async () => {
      await page.goto("/admin/system");
      const { suspended, ...needy } = made.troubles;
      for (const name of Object.values(needy)) {
        assert.ok(await page.getByRole("main").getByRole("link", { name, exact: false }).first().isVisible(), name);
      }
      await good(page);
    });
  }
}, ["desk", "tablet", "phone"]);
