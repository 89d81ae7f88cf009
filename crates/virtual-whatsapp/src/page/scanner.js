// Linking a device: camera, screen, picture or text of the QR code, or a pairing code. Codes are read by the server.

import { Refusal, look, post } from "./api.js";
import { dialog, h } from "./dom.js";

/** Pictures larger than this are made smaller before they are sent. */
const SIDE = 1600;
/** Time between two looks through the camera. */
const LOOK_MS = 500;

/** Opens the sheet and gives the device that was linked, or nothing when it was closed. */
export function linkDevice(number) {
  return new Promise((done) => {
    const stop = new AbortController();
    let linked = null;
    const says = h("p", { class: "says", role: "status" });
    const attempt = async (act, quiet) => {
      try {
        if (!quiet) says.replaceChildren("Linking…");
        linked = await act();
        box.close();
      } catch (refusal) {
        if (quiet && refusal.word === "no-code") return;
        says.replaceChildren(refusal instanceof Refusal ? refusal.message : String(refusal.message ?? refusal));
      }
    };
    const video = h("video", { class: "camera", muted: true, playsInline: true, hidden: true });
    const watch = (source) => async () => {
      try {
        const stream = await source();
        stop.signal.addEventListener("abort", () => stream.getTracks().forEach((track) => track.stop()));
        video.srcObject = stream;
        video.hidden = false;
        await video.play();
        says.replaceChildren("Looking for a code…");
        while (!stop.signal.aborted && !linked) {
          const picture = video.videoWidth && (await shrink(video, video.videoWidth, video.videoHeight));
          if (picture) await attempt(() => look(number, picture), true);
          await new Promise((next) => setTimeout(next, LOOK_MS));
        }
      } catch (error) {
        says.replaceChildren(`It cannot be looked through: ${error.message}. Use a picture or the text instead.`);
      }
    };
    const take = async (file) => attempt(async () => look(number, await smaller(file)));
    const text = h("textarea", { rows: "3", placeholder: "2@… (the text of the code)", "aria-label": "The text of the code" });
    const file = h("input", { type: "file", accept: "image/*", hidden: true, onchange: () => file.files[0] && take(file.files[0]) });
    const code = h("input", { class: "code", maxLength: 9, placeholder: "ABCD-EFGH", autocomplete: "off", spellcheck: false, "aria-label": "Pairing code" });
    const media = navigator.mediaDevices;
    const box = dialog(
      "Link a device",
      h("p", {}, "Let your bot show its QR code, then:"),
      video,
      h(
        "div",
        { class: "ways" },
        media?.getDisplayMedia && h("button", { class: "way", onclick: watch(() => media.getDisplayMedia({ video: true })) }, "Look at my screen"),
        media?.getUserMedia && h("button", { class: "way", onclick: watch(() => media.getUserMedia({ video: { facingMode: "environment" } })) }, "Use the camera"),
        h("button", { class: "way", onclick: () => file.click() }, "Choose or drop a picture"),
      ),
      file,
      h("label", {}, "Or paste it here, as text or as a picture", text),
      h("button", { class: "primary", onclick: () => attempt(() => post(`accounts/${number}/scan`, { text: text.value })) }, "Link"),
      h("hr"),
      h(
        "form",
        { class: "code-form", onsubmit: (event) => { event.preventDefault(); attempt(() => post(`accounts/${number}/pairing-code`, { code: code.value })); } },
        h("label", {}, "Link with a code instead", code),
        h("button", { class: "way" }, "Link with this code"),
      ),
      says,
    );
    box.addEventListener("paste", (event) => {
      const picture = [...event.clipboardData.files].find((pasted) => pasted.type.startsWith("image/"));
      if (picture) { event.preventDefault(); take(picture); }
    });
    box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      const [dropped] = event.dataTransfer.files;
      if (dropped) take(dropped);
    });
    box.addEventListener("close", () => { stop.abort(); done(linked); });
    text.focus();
  });
}

/** Draws a picture on white, no larger than the server takes; so an SVG does too. */
async function smaller(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode().catch(() => { throw new Error("this is no picture that the browser can read"); });
    return await shrink(image, image.naturalWidth || 600, image.naturalHeight || 600);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function shrink(source, width, height) {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
