// What the browser tests share: steps of a flow, and what every page has to stand.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { LIMIT, SIZES } from "./world.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The same at the width of a desk and of a phone, or of those that are named. Each `step` builds on those before it: after one that fails the rest is left
    out. A `look` stands alone. */
export function flows(define, widths = ["desk", "phone"]) {
  for (const [n, width] of widths.entries()) {
    describe(`at the width of a ${width}`, () => {
      let broken = false;
      const look = (name, work) => test(name, { timeout: 3 * LIMIT }, work);
      const step = (name, work) => look(name, async (t) => {
        if (broken) { t.skip("a step before it failed"); return; }
        broken = true;
        await work();
        broken = false;
      });
      define({ width, size: SIZES[width], n: n + 1, step, look });
    });
  }
}

/** No finding of axe, nothing wider than the window, and nothing that the browser complains about. */
export async function good(page) {
  await page.evaluate(axe);
  // A bar that stays in sight, or a notice that goes away by itself, lies over whatever is below it just then, and one scrolls
  // that out of there: they are looked at where they would lie else.
  const staying = await page.evaluateHandle(() => [...document.querySelectorAll(".top, .away, .tabs, .toasts, .selection, .bulk-bar, .compose, th, h2")]
    .filter((part) => ["sticky", "fixed"].includes(getComputedStyle(part).position)));
  await staying.evaluate((parts) => { for (const part of parts) part.style.setProperty("position", "static"); });
  // What a question lies over is out of reach until it is answered.
  const { violations } = await page.evaluate((rules) => window.axe.run(document.querySelector("dialog:popover-open") ?? document, { runOnly: rules }), RULES);
  await staying.evaluate((parts) => { for (const part of parts) part.style.removeProperty("position"); });
  await staying.dispose();
  const told = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
  assert.deepEqual(told, [], page.url());
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${page.url()} is ${wide} px wider than its window`);
  assert.deepEqual(page.complaints, []);
}

/** The same in both themes, the one that is chosen last. */
export async function goodInBoth(page) {
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    await good(page);
  }
}

/** Lets a phone scan the code that is on the screen, as a camera would. */
export async function scan(page, world, number) {
  await page.locator(".qr-code svg").waitFor();
  // All that is in sight, since the panel with the code may be replaced by a newer one at any time.
  await page.evaluate(() => document.querySelector(".qr-code").scrollIntoView({ block: "center" }));
  await world.phone("POST", `/v1/accounts/${number}/scan`, await page.screenshot(), "image/png");
}
