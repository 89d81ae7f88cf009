// How fast and how large the dashboard is: run by scripts/bench-dashboard.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { World, SIZES, browser as launch, operator } from "./world.mjs";

async function get(world, path, accept) {
  const began = performance.now();
  const response = await fetch(world.url + path, { headers: { cookie: `${world.cookie.name}=${world.cookie.value}`, accept } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return { ms: performance.now() - began, bytes: Buffer.byteLength(text), link: /<([^>]+)>/.exec(response.headers.get("link") ?? "")?.[1] };
}

async function times(what, world, path, accept, rounds = 200) {
  for (let n = 0; n < 10; n += 1) await get(world, path, accept);
  const all = [];
  let bytes = 0;
  for (let n = 0; n < rounds; n += 1) { const one = await get(world, path, accept); all.push(one.ms); bytes = one.bytes; }
  all.sort((a, b) => a - b);
  const at = (p) => all[Math.min(all.length - 1, Math.ceil(p * all.length) - 1)].toFixed(1);
  console.log(`${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${bytes} bytes`);
}

/** Own memory (PSS) in MB. */
async function memory(pid) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return (Number(/^Pss:\s+(\d+)/m.exec(text)[1]) / 1024).toFixed(1);
}

/** What a browser that has never been here asks for, and when something stands on its screen. */
async function visit(what, world, path, rounds = 9) {
  const all = [];
  for (let n = 0; n < rounds; n += 1) {
    const page = await operator(chromium, world, SIZES.desk);
    await page.goto(path);
    all.push(await page.evaluate(async () => {
      const [paint] = await new Promise((done) => new PerformanceObserver((list, observer) => {
        const entries = list.getEntriesByName("first-contentful-paint");
        if (entries.length > 0) { observer.disconnect(); done(entries); }
      }).observe({ type: "paint", buffered: true }));
      const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .filter(({ initiatorType, name }) => initiatorType !== "other" || !name.includes("/stream"));
      return { paint: paint.startTime, requests: loaded.length, bytes: loaded.reduce((sum, { transferSize }) => sum + transferSize, 0) };
    }));
    await page.context().close();
  }
  const paints = all.map(({ paint }) => paint).sort((a, b) => a - b);
  const { requests, bytes } = all[0];
  console.log(`first visit, ${what}: ${requests} requests, ${bytes} bytes on the wire, first contentful paint ${paints[(rounds - 1) / 2].toFixed(0)} ms (median of ${rounds})`);
}

const fill = process.env.FILL_LOG;
const rows = Number(process.env.ROWS ?? 1_000_000);
const world = await World.start({ HEARTBEAT_INTERVAL_MS: "30000" });
const chromium = await launch();
try {
  const first = await world.tenant("Tenant 0000", undefined);
  const lists = async (from, count) => {
    for (let n = from; n < count; n += 1) await world.tenant(`Tenant ${String(n).padStart(4, "0")}`, undefined);
    await times(`tenants page, ${count} tenants, 50 rows`, world, "/admin/tenants", "text/html");
    await times(`tenants page, ${count} tenants, by name, searched`, world, "/admin/tenants?sort=name&search=09", "text/html");
    await times(`JSON list, 50 of ${count}`, world, "/admin/tenants", "application/json");
    await times(`JSON list, 500 of ${count}`, world, "/admin/tenants?limit=500", "application/json", 50);
  };
  await lists(1, 1000);
  await visit("tenants page, 1,000 tenants, 50 rows", world, "/admin/tenants");
  await visit("a tenant's page", world, `/admin/tenants/${first}`);
  console.log(`own memory of the control plane, 1,000 tenants: ${await memory(world.pid)} MB`);
  const pages = [];
  for (let n = 0; n < 20; n += 1) {
    const page = await operator(chromium, world, SIZES.desk);
    await page.goto("/admin/tenants");
    await page.waitForFunction(() => document.documentElement.dataset.live === "on");
    pages.push(page);
  }
  console.log(`the same with 20 open pages: ${await memory(world.pid)} MB`);

  // Written beside the running control plane by the store's own means, since through a worker it takes a day.
  const filled = spawnSync(fill, [`sqlite:${world.directory}/data/flowhq.db`, first, String(rows)], { encoding: "utf8" });
  if (filled.status !== 0) throw new Error(filled.stderr);
  console.log(filled.stdout.trim());
  await times(`log, ${rows} rows, first page of 50`, world, `/admin/tenants/${first}/logs`, "application/json");
  let path = `/admin/tenants/${first}/logs`;
  for (let n = 1; n < 1000; n += 1) path = (await get(world, path, "application/json")).link;
  await times(`log, ${rows} rows, page 1,000 by key`, world, path, "application/json");
  await times(`tenant page, ${rows} rows`, world, `/admin/tenants/${first}`, "text/html", 50);
  await lists(1000, 10_000);
} finally {
  await chromium.close();
  await world.stop();
}
