// All that is asked of the server, with the key where one is needed.

const KEY = "makevideo-key";
let asking = null;

export const key = () => sessionStorage.getItem(KEY);

/** A refusal of the server, as it tells it. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? (status ? `The server answered ${status}.` : "The server does not answer."));
    this.status = status;
    this.code = body?.code ?? "";
  }
}

export const headers = () => (key() ? { Authorization: `Bearer ${key()}` } : {});

/** fetch, with the key; asks for one and tries again where the server wants it. */
export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { Accept: "application/json", ...options.headers, ...headers() } });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0);
  }
  if (response.status === 401) {
    await wantKey();
    return ask(path, options);
  }
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => null));
  return response;
}

export const read = async (path, options) => (await ask(path, options)).json();

/** Asks for a key, once however many calls want one. */
export function wantKey() {
  asking ??= askKey().finally(() => (asking = null));
  return asking;
}

async function askKey() {
  const { askForKey } = await import("./dialogs.js");
  sessionStorage.setItem(KEY, await askForKey(key() !== null));
}

/** An address that an image or a video can show: its own, or with a key the bytes that were fetched. */
export async function source(path) {
  if (!key()) return path;
  return URL.createObjectURL(await (await ask(path, { headers: { Accept: "*/*" } })).blob());
}

/** Saves a file of the server under its own name. */
export async function save(path, name) {
  const address = await source(path);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  if (address !== path) setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/**
 * Follows a job's events, with fetch: an EventSource could not send a key. Comes back after a break, from the last event that it has.
 * A page in the background lets go of its connection: a browser has few for one server.
 * @returns a function that ends it.
 */
export function follow(path, on) {
  let stop = new AbortController();
  let [last, over, wait, misses] = [null, false, 2000, 0];
  const shown = () => document.visibilityState !== "hidden";

  async function run() {
    while (!over && shown()) {
      stop = new AbortController();
      try {
        const response = await ask(path, { signal: stop.signal, cache: "no-store", headers: { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) } });
        if (response.status === 204) return;
        misses = 0;
        on.open?.();
        for await (const event of events(response.body)) {
          if (event.retry) wait = event.retry;
          if (event.id) last = event.id;
          if (event.kind === "end") over = true;
          if (event.data) on[event.kind]?.(JSON.parse(event.data));
        }
      } catch (failure) {
        if (failure.name === "AbortError") return;
        if (failure.status === 404) {
          over = true;
          on.missing?.(failure);
          return;
        }
      }
      if (!over) {
        // One break is no news: gateways restart, and connections move.
        if (++misses > 1) on.lost?.();
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }

  let running = run();
  const seen = () => {
    if (!shown()) stop.abort();
    else running = running.then(run);
  };
  document.addEventListener("visibilitychange", seen);
  return () => {
    over = true;
    stop.abort();
    document.removeEventListener("visibilitychange", seen);
  };
}

/** Server-sent events of a body, one by one. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { kind: "message", data: "" };
      for (const line of block.split("\n")) {
        const colon = line.indexOf(":");
        const [field, text] = [line.slice(0, colon), line.slice(colon + 1).trimStart()];
        if (field === "event") event.kind = text;
        else if (field === "data") event.data += text;
        else if (field === "id") event.id = text;
        else if (field === "retry") event.retry = Number(text);
      }
      yield event;
    }
  }
}
