// A control plane with real workers and the virtual WhatsApp, as processes of their own, and a browser to look at them.
// Nothing here waits for time: only for what is said, shown or answered.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

/** A name of 80 characters, as some businesses have. */
export const LONG_NAME = "Duka la Vifaa vya Ujenzi na Umeme la Mzee Mwinyi Mkuu wa Kariakoo, Dar es Salaam";
/** How long anything may take before a test gives up. Generous, since machines that run tests are busy. */
export const LIMIT = 120_000;
export const PASSWORD = "right horse battery";
const AUTHORIZATION = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString("base64")}`;

/** Starts a process and returns once `read` makes something of one of its lines. */
async function started(command, args, env, read) {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text) => { errors = (errors + text).slice(-20_000); });
  const lines = createInterface({ input: child.stdout });
  const value = await new Promise((resolve, reject) => {
    lines.on("line", (line) => { const value = read(line); if (value !== undefined) resolve(value); });
    child.once("exit", (code) => reject(new Error(`${args[0]} ended with ${code}: ${errors}`)));
    child.once("error", reject);
  });
  return { child, value, errors: () => errors };
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), LIMIT);
  await gone;
  clearTimeout(late);
}

/** Worlds that have not been stopped: whoever ends this process ends them with it. */
const worlds = new Set();
process.once("SIGTERM", async () => {
  await Promise.allSettled([...worlds].map((world) => world.stop()));
  process.exit(143);
});

export class World {
  /** With `hosts`, bots run on machines of these names in place of the control plane's own: each is a process that the world has
      in `machines`, but those that are `away`. */
  static async start(settings = {}, { hosts = [], away = [] } = {}) {
    const world = new World();
    worlds.add(world);
    const binary = process.env.FLOWHQ_VIRTUAL_BIN;
    if (!binary) throw new Error("FLOWHQ_VIRTUAL_BIN names no executable");
    world.directory = await mkdtemp(join(tmpdir(), "flowhq-browser-"));
    const home = { PATH: process.env.PATH, HOME: world.directory, TMPDIR: world.directory };
    const ports = ["--port", "0", "--tls-port", "0", "--control-port", "0"];
    const whatsapp = await started(binary, ["virtual-whatsapp", "--json", ...ports], home,
      (line) => line.startsWith("{") ? JSON.parse(line) : undefined);
    world.whatsapp = whatsapp.child;
    world.phones = new URL(whatsapp.value.page).origin;
    world.env = { ...home, DATA_DIR: join(world.directory, "data"), PORT: "0", PORTAL_PORT: "0", ADMIN_PASSWORD: PASSWORD,
      WHATSAPP_URL: whatsapp.value.url, HEARTBEAT_INTERVAL_MS: "1000", LOG_LEVEL: "warn", ...settings };
    if (hosts.length > 0) await world.hostsServing(hosts, away);
    await world.serving();
    world.cookie = await world.signIn();
    return world;
  }

  /** Starts the control plane, under the addresses that it had before, if it had any. */
  async serving() {
    const env = { ...this.env };
    if (this.url) Object.assign(env, { PORT: new URL(this.url).port, PORTAL_PORT: new URL(this.portal).port });
    const where = {};
    const serve = await started(process.env.FLOWHQ_VIRTUAL_BIN, ["serve", "--stop-workers"], env, (line) => {
      where.admin ??= /answers at (http:\/\/[^\s/]+)/.exec(line)?.[1];
      where.portal ??= /portal at (http:\/\/[^\s/]+)/.exec(line)?.[1];
      return where.admin && where.portal ? where : undefined;
    });
    Object.assign(this, { serve: serve.child, errors: serve.errors, url: where.admin, portal: where.portal });
  }

  /** Starts hosts, and tells the control plane, which is started after them, where they are. */
  async hostsServing(hosts, away) {
    this.machines = new Map();
    const places = [];
    for (const name of [...hosts, ...away]) {
      const directory = join(this.directory, name), key = join(directory, "host.key");
      await mkdir(directory);
      const { stdout } = await promisify(execFile)(process.env.FLOWHQ_VIRTUAL_BIN, ["host", "--print-key", name], { env: this.env });
      await writeFile(key, stdout, { mode: 0o600 });
      // Nobody listens at the port of one that is away.
      if (away.includes(name)) { places.push(`${name}=127.0.0.1:1`); continue; }
      const { PATH, HOME, TMPDIR, WHATSAPP_URL, LOG_LEVEL } = this.env;
      const env = { PATH, HOME, TMPDIR, WHATSAPP_URL, LOG_LEVEL, DATA_DIR: directory, HOST_NAME: name, HOST_KEY_FILE: key,
        HOST_LISTEN: "127.0.0.1:0", HOST_CAPACITY: "50", STOP_WORKERS: "on" };
      const host = await started(process.env.FLOWHQ_VIRTUAL_BIN, ["host"], env, (line) => / listens on (\S+),/.exec(line)?.[1]);
      this.machines.set(name, host.child);
      places.push(`${name}=${host.value}`);
    }
    this.env.HOSTS = places.join(",");
  }

  /** The control plane is gone from one moment to the next; its workers go on. */
  async killed() {
    const gone = new Promise((resolve) => this.serve.once("exit", resolve));
    this.serve.kill("SIGKILL");
    await gone;
  }

  /** Pid of the control plane. */
  get pid() { return this.serve.pid; }

  async stop() {
    worlds.delete(this);
    if (this.serve) await ended(this.serve);
    for (const machine of this.machines?.values() ?? []) await ended(machine);
    if (this.whatsapp) await ended(this.whatsapp);
    await rm(this.directory, { recursive: true, force: true });
  }

  /** A session of the operator, as a browser's cookie: browsers take downloads with a session, not with Basic. */
  async signIn() {
    const response = await fetch(`${this.url}/admin/sign-in`, { method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" }, body: JSON.stringify({ password: PASSWORD }) });
    if (!response.ok) throw new Error(`signing in: ${response.status} ${await response.text()}`);
    const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith("flowhq_admin="));
    const [name, value] = session.split(";", 1)[0].split("=");
    return { name, value, url: this.url };
  }

  /** The admin API. */
  async api(method, path, body) {
    const headers = { authorization: AUTHORIZATION, accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** The virtual WhatsApp: what phones and customers do. */
  async phone(method, path, body, type = "application/json") {
    const raw = type !== "application/json";
    const response = await fetch(this.phones + path, { method, headers: body === undefined ? {} : { "content-type": type },
      body: body === undefined || raw ? body : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async tenant(name, number, config = { template_type: "SUPPORT", language: "EN" }) {
    return (await this.api("POST", "/admin/tenants", { name, phone_number: number && `+${number}`, config })).id;
  }

  /** Follows the control plane's own stream until what `read` reads is as `test` wants it. */
  async follow(read, test) {
    const stop = new AbortController();
    const headers = { authorization: AUTHORIZATION, accept: "text/event-stream" };
    const response = await fetch(`${this.url}/admin/stream`, { headers, signal: stop.signal });
    const news = response.body.getReader();
    try {
      for (;;) {
        const now = await read();
        if (test(now)) return now;
        if ((await news.read()).done) throw new Error("the control plane ended");
      }
    } finally { stop.abort(); }
  }

  /** Waits until a tenant is as `test` wants it. */
  until(id, test) {
    return this.follow(async () => (await this.api("GET", `/admin/tenants/${id}`)).tenant, test);
  }

  /** Waits until the device of a number has uploaded its keys: before that nobody can write to it. */
  async keys(number) {
    for (let after = 0; ;) {
      const events = await this.phone("GET", `/v1/events?after=${after}&wait=60`);
      if (events.some((event) => event.event === "prekeys_uploaded" && event.number === number)) return;
      after = events.at(-1)?.seq ?? after;
    }
  }

  /** Creates, starts and links a bot without a browser. */
  async linked(name, number, config) {
    const id = await this.tenant(name, number, config);
    await this.phone("POST", "/v1/accounts", { number, name, business: true });
    await this.api("POST", `/admin/tenants/${id}/worker/start`);
    await this.until(id, (tenant) => tenant.whatsapp_session.state === "QR_READY");
    const { code: qr } = await this.api("GET", `/admin/tenants/${id}/qr`);
    await this.phone("POST", `/v1/accounts/${number}/scan`, { text: qr });
    await this.until(id, (tenant) => tenant.status === "ACTIVE" && tenant.whatsapp_session.state === "CONNECTED");
    await this.keys(number);
    return id;
  }

  /** Waits until a customer has got a text. */
  async heard(number, text) {
    for (let after = 0; ;) {
      const messages = await this.phone("GET", `/v1/accounts/${number}/messages?direction=in&after=${after}&wait=30`);
      if (messages.some((message) => message.body?.text === text)) return;
      after = messages.at(-1)?.seq ?? after;
    }
  }

  /** A link by which somebody gets into the portal as the owner of a tenant. */
  async ownerLink(id, email, name) {
    return (await this.api("POST", `/admin/tenants/${id}/owner-links`, { email, name })).url;
  }

  /** Removes the bot's device on the phone, so that its tenant is in ERROR. */
  async removed(id, number) {
    const [{ device }] = await this.phone("GET", `/v1/accounts/${number}/devices`);
    await this.phone("DELETE", `/v1/accounts/${number}/devices/${device}`);
    await this.until(id, (tenant) => tenant.status === "ERROR");
  }

  /** Lets WhatsApp do something to a number from its next login on, lets its bot log in, and waits until that shows. */
  async trouble(id, number, fault, condition) {
    await this.phone("POST", "/v1/faults", { ...fault, scope: "account", number, lasts: "always" });
    await this.api("POST", `/admin/tenants/${id}/worker/restart`);
    await this.until(id, (tenant) => tenant.health.condition === condition);
  }

  /** Links another number than the declared one. */
  async otherNumber(id, number) {
    await this.phone("POST", "/v1/accounts", { number, name: "Juma", business: true });
    await this.api("POST", `/admin/tenants/${id}/worker/start`);
    await this.until(id, (tenant) => tenant.whatsapp_session.state === "QR_READY");
    const { code: qr } = await this.api("GET", `/admin/tenants/${id}/qr`);
    await this.phone("POST", `/v1/accounts/${number}/scan`, { text: qr });
    await this.until(id, (tenant) => tenant.health.condition === "OTHER_NUMBER");
  }

  async customer(number, name) {
    await this.phone("POST", "/v1/accounts", { number, name });
    return (to, text) => this.phone("POST", `/v1/accounts/${number}/messages`, { chat: to, body: { kind: "text", text } });
  }
}

export async function browser() {
  const executablePath = process.env.FLOWHQ_TEST_CHROMIUM;
  if (!executablePath) throw new Error("FLOWHQ_TEST_CHROMIUM names no browser");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
}

export const SIZES = { phone: { width: 360, height: 780 }, tablet: { width: 768, height: 1024 }, desk: { width: 1440, height: 900 } };

/** A page of a browser of its own, whose operator is signed in unless `options.stranger`. What the browser complains about
    is kept in `page.complaints`. */
export async function operator(browser, world, size, { stranger = false, ...options } = {}) {
  const page = await visitor(browser, world.url, size, options);
  if (!stranger) await page.context().addCookies([world.cookie]);
  return page;
}

/** A page of a browser of its own at the portal, whose owner is not signed in. */
export const owner = (browser, world, size, options) => visitor(browser, world.portal, size, options);

async function visitor(browser, site, size, options) {
  const context = await browser.newContext({ baseURL: site, viewport: size, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(LIMIT);
  context.setDefaultNavigationTimeout(LIMIT);
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    // A refusal that a test provokes is logged by the browser as a failed resource.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) page.complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(site)) page.complaints.push(`asked ${request.url()}`);
  });
  return page;
}
