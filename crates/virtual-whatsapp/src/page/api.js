// The control API. Everything that the page does goes through here; a refusal becomes an error with its words.

export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `the server answered ${status}`);
    this.status = status;
    this.word = (problem.type ?? "").split(":").pop();
  }
}

async function ask(method, path, body, kind = "application/json") {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["content-type"] = kind;
    options.body = kind === "application/json" ? JSON.stringify(body) : body;
  }
  let answer;
  try {
    answer = await fetch(`/v1/${path}`, options);
  } catch {
    throw new Refusal(0, { detail: "The virtual WhatsApp does not answer: was it stopped?" });
  }
  const document = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, document ?? {});
  return document;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, body);
export const patch = (path, body) => ask("PATCH", path, body);
export const remove = (path) => ask("DELETE", path);
/** Lets the phone of `number` look at a picture of a code. */
export const look = (number, picture) => ask("POST", `accounts/${number}/scan`, picture, picture.type);

/** Everything that happens from now on; a browser comes back by itself when the stream breaks. */
export function listen(happened, state) {
  const stream = new EventSource("/v1/events/stream");
  stream.onopen = () => state(true);
  stream.onerror = () => state(false);
  stream.onmessage = (message) => happened(JSON.parse(message.data));
}
