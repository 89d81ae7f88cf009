// A Baileys client as its users write one: it echoes each text. It tells what happens as lines of JSON and obeys lines
// of JSON: {"say": text, "to": number}, {"send": kind, "to": JID, "of": id} and {"end": true}.
//
// Told otherwise than by default: the address, and the root key that it trusts. Nothing in Baileys is changed but the
// one check that, as published, never fails: libsignal 6.0.0 answers false where Baileys expects an exception.
import { createInterface } from "node:readline";
import { createHash } from "node:crypto";
import * as curve from "libsignal/src/curve.js";
import { connect, Curve, downloadMediaMessage, DisconnectReason, generateSignalPubKey, tell, trust, useMultiFileAuthState } from "./connect.mjs";
import { send } from "./kinds.mjs";

const { URL_OF_SERVER: url, ROOT_KEY: root, DIRECTORY: directory, NUMBER: number, QUIETLY: quietly } = process.env;
trust(root);
let checked = 0;
Curve.verify = (key, message, signature) => {
  checked += 1;
  return curve.verifySignature(generateSignalPubKey(key), message, signature) === true;
};

const { state, saveCreds } = await useMultiFileAuthState(directory);
let socket;
let ended = false;
let asked = false;

function start() {
  socket = connect(url, state);
  socket.ev.on("creds.update", saveCreds);
  socket.ev.on("connection.update", async ({ connection, qr, lastDisconnect }) => {
    if (qr && !number) tell({ qr });
    if (qr && number && !asked) {
      asked = true;
      tell({ code: await socket.requestPairingCode(number) });
    }
    if (connection === "open") tell({ open: socket.user.id, checked });
    if (connection === "close" && !ended) {
      const status = lastDisconnect?.error?.output?.statusCode;
      if (status === DisconnectReason.restartRequired) start();
      else tell({ closed: status, why: lastDisconnect?.error?.message });
    }
  });
  socket.ev.on("messages.upsert", async ({ messages }) => {
    // Both types: "notify" for what comes now, "append" for what has waited.
    for (const { key, message } of messages) {
      const text = message?.conversation ?? message?.extendedTextMessage?.text;
      if (!key.fromMe) tell(await got(key, message));
      if (key.fromMe || !text || quietly) continue;
      tell({ heard: text, id: key.id });
      await socket.sendMessage(key.remoteJid, { text: `echo: ${text}` });
    }
  });
  socket.ev.on("messages.update", (updates) => {
    for (const { key, update } of updates) if (update.status) tell({ status: update.status, id: key.id });
  });
}

/** What came, by the names of its fields; a file is fetched and opened. */
async function got(key, message) {
  const told = { got: message ? Object.keys(message).filter((name) => name !== "messageContextInfo") : [], id: key.id, chat: key.remoteJid };
  const file = ["imageMessage", "videoMessage", "audioMessage", "documentMessage", "stickerMessage"].find((name) => message?.[name]);
  if (file) {
    try {
      told.downloaded = createHash("sha256").update(await downloadMediaMessage({ key, message }, "buffer", {})).digest("hex");
    } catch (error) {
      told.download_failed = String(error);
    }
  }
  return told;
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const command = JSON.parse(line);
  if (command.say) tell({ sent: (await socket.sendMessage(`${command.to}@s.whatsapp.net`, { text: command.say })).key.id });
  if (command.send) {
    try {
      tell({ sent: await send(socket, command.send, command.to, command.of), kind: command.send });
    } catch (error) {
      tell({ refused: String(error.stack ?? error), kind: command.send });
    }
  }
  if (command.end) {
    ended = true;
    socket.end();
    process.exit(0);
  }
});
start();
