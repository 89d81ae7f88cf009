// A bot of one session, as users of Baileys write one, to measure Flow HQ beside: it answers each text with the same text.
// With JOURNAL it first keeps what came and what it answers, synced to disk: the promise that Flow HQ makes, without what it
// takes to act on it after a crash. It tells what happens as lines of JSON and obeys {"end": true}.
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { connect, DisconnectReason, tell, trust, useMultiFileAuthState } from "../../../virtual-whatsapp/tests/baileys/connect.mjs";

const { URL_OF_SERVER: url, ROOT_KEY: root, DIRECTORY: directory, REPLY: reply, JOURNAL: journalled } = process.env;
trust(root);
const { state, saveCreds } = await useMultiFileAuthState(`${directory}/session`);
const journal = journalled ? await open(`${directory}/journal`, "a", 0o600) : undefined;
let socket;
let ended = false;

function start() {
  socket = connect(url, state);
  socket.ev.on("creds.update", saveCreds);
  socket.ev.on("connection.update", ({ connection, qr, lastDisconnect }) => {
    if (qr) tell({ qr });
    if (connection === "close" && !ended) {
      const status = lastDisconnect?.error?.output?.statusCode;
      if (status === DisconnectReason.restartRequired) start();
      else tell({ refused: `${status} ${lastDisconnect?.error?.message}` });
    }
  });
  socket.ev.on("messages.upsert", async ({ messages }) => {
    // Both types: "notify" for what comes now, "append" for what has waited.
    for (const { key, message } of messages) {
      const text = message?.conversation ?? message?.extendedTextMessage?.text;
      if (key.fromMe || !text) continue;
      if (journal) {
        await journal.appendFile(`${JSON.stringify([key.id, key.remoteJid, text, reply])}\n`);
        await journal.datasync();
      }
      await socket.sendMessage(key.remoteJid, { text: reply });
    }
  });
}

createInterface({ input: process.stdin }).on("line", (line) => {
  if (!JSON.parse(line).end) return;
  ended = true;
  socket.end();
  process.exit(0);
});
start();
