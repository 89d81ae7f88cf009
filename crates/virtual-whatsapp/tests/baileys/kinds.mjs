// Messages of each kind as users of Baileys make them: by what Baileys itself forms where it does, else by relaying the
// protobuf. `of` is the message that some kinds are about.
import { createHash } from "node:crypto";
import { generateMessageIDV2, proto } from "baileys";

const bytes = (text) => Buffer.from(text);
const said = new Map();

/** Remembers what was sent: edits, polls and the like are about it. */
export function remember(message) {
  if (message?.key?.id) said.set(message.key.id, message);
}

const key = (to, of) => ({ remoteJid: to, fromMe: true, id: of });
const thumb = { jpegThumbnail: "" };
const card = { displayName: "Juma", vcard: "BEGIN:VCARD\nVERSION:3.0\nFN:Juma\nTEL:+255754000444\nEND:VCARD" };

const FORMED = {
  text: () => ({ text: "Habari" }),
  long_text: () => ({ text: "x".repeat(65536) }),
  link_preview: () => ({ text: "see https://example.com", linkPreview: { "matched-text": "https://example.com", "canonical-url": "https://example.com", title: "Example" } }),
  quoted_reply: (to, of) => [{ text: "yes" }, { quoted: said.get(of) }],
  forwarded: (to, of) => ({ forward: said.get(of), force: true }),
  image: () => ({ image: bytes("a picture"), caption: "a picture", ...thumb }),
  view_once: () => ({ image: bytes("a picture"), viewOnce: true, ...thumb }),
  ephemeral: () => [{ text: "soon gone" }, { ephemeralExpiration: 86400 }],
  video: () => ({ video: bytes("a film"), caption: "a film", seconds: 3, ...thumb }),
  gif: () => ({ video: bytes("a film"), gifPlayback: true, seconds: 3, ...thumb }),
  video_note: () => ({ video: bytes("a film"), ptv: true, seconds: 3, ...thumb }),
  audio: () => ({ audio: bytes("a sound"), mimetype: "audio/mpeg", seconds: 3 }),
  voice: () => ({ audio: bytes("a sound"), ptt: true, seconds: 3, waveform: new Uint8Array(64) }),
  document: () => ({ document: bytes("prices"), mimetype: "application/pdf", fileName: "prices.pdf", caption: "our prices" }),
  sticker: () => ({ sticker: bytes("a sticker"), ...thumb }),
  location: () => ({ location: { degreesLatitude: -6.8, degreesLongitude: 39.28, name: "Dar es Salaam" } }),
  contact: () => ({ contacts: { displayName: "Juma", contacts: [card] } }),
  contacts: () => ({ contacts: { displayName: "2 contacts", contacts: [card, card] } }),
  poll: () => ({ poll: { name: "When?", values: ["Morning", "Evening"], selectableCount: 1 } }),
  event: () => ({ event: { name: "Market day", startDate: new Date(Date.now() + 3600e3) } }),
  product: () => ({ product: { productImage: bytes("a picture"), productId: "1", title: "Soap" }, businessOwnerJid: "255754000222@s.whatsapp.net", body: "soap" }),
  buttons_reply: () => ({ buttonReply: { id: "b1", displayText: "Yes" }, type: "plain" }),
  template_reply: () => ({ buttonReply: { id: "t1", displayText: "Book", index: 0 }, type: "template" }),
  list_reply: () => ({ listReply: { title: "Hours", listType: 1, singleSelectReply: { selectedRowId: "r1" } } }),
  album: () => ({ album: { expectedImageCount: 2, expectedVideoCount: 0 } }),
  album_image: (to, of) => ({ image: bytes("a picture"), albumParentKey: key(to, of), ...thumb }),
  disappearing: () => ({ disappearingMessagesInChat: 86400 }),
  request_number: () => ({ requestPhoneNumber: true }),
  reaction: (to, of) => ({ react: { key: key(to, of), text: "👍" } }),
  edit: (to, of) => ({ text: "Habari, said otherwise", edit: key(to, of) }),
  pin: (to, of) => ({ pin: key(to, of), type: 1, time: 86400 }),
  delete: (to, of) => ({ delete: key(to, of) }),
};

const RELAYED = {
  // Baileys asks for the group's picture first, and falls over where there is none.
  group_invitation: () => ({ groupInviteMessage: { inviteCode: "code", inviteExpiration: 1, caption: "join us", groupJid: "120360000000000001@g.us", groupName: "Market" } }),
  live_location: () => ({ liveLocationMessage: { degreesLatitude: -6.8, degreesLongitude: 39.28, sequenceNumber: 1 } }),
  order: () => ({ orderMessage: { orderId: "1", itemCount: 2, message: "two please", token: "token" } }),
  native_flow_reply: () => ({ interactiveResponseMessage: { body: { text: "Go on" }, nativeFlowResponseMessage: { name: "quick_reply", paramsJson: '{"id":"n1"}', version: 3 } } }),
  payment_request: () => ({ requestPaymentMessage: { currencyCodeIso4217: "TZS", amount1000: 5000000, noteMessage: { conversation: "for two" } } }),
  payment: () => ({ sendPaymentMessage: { noteMessage: { conversation: "for two" } } }),
  poll_vote: (to, of) => ({ pollUpdateMessage: { pollCreationMessageKey: key(to, of), vote: { encPayload: createHash("sha256").update("vote").digest(), encIv: Buffer.alloc(12, 1) }, senderTimestampMs: Date.now() } }),
};

/** Sends one and returns its id. */
export async function send(socket, kind, to, of) {
  if (FORMED[kind]) {
    const made = FORMED[kind](to, of);
    const sent = Array.isArray(made) ? await socket.sendMessage(to, ...made) : await socket.sendMessage(to, made);
    remember(sent);
    return sent.key.id;
  }
  if (!RELAYED[kind]) throw new Error(`no kind ${kind}`);
  const messageId = generateMessageIDV2(socket.user.id);
  await socket.relayMessage(to, proto.Message.fromObject(RELAYED[kind](to, of)), { messageId });
  return messageId;
}
