// What every client of Baileys here is told otherwise than by default: the address, and the root key that it trusts.
// The bots of scripts/bench begin with it too.
import makeWASocket, { WA_CERT_DETAILS } from "baileys";

export { Curve, downloadMediaMessage, DisconnectReason, generateSignalPubKey, useMultiFileAuthState } from "baileys";

// libsignal talks on standard output, which is for what a client tells.
for (const word of ["log", "info", "warn"]) console[word] = console.error;

const quiet = { level: "silent", child: () => quiet, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** A line of JSON to whoever started this. */
export const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Trusts the server of this root key, as hexadecimal digits, and no other. */
export function trust(root) {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root, "hex");
}

/** A socket to a server for this session. */
export function connect(url, auth) {
  return makeWASocket({ auth, waWebSocketUrl: url, version: [2, 3000, 1023223821], logger: quiet });
}
