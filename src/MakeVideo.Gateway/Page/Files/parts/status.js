// What a job's status is called, how it looks, and how long it still takes.
import { h, say, span } from "./dom.js";

const NAMES = {
  queued: ["In line", "calm"], analyzing_audio: ["Listening", "busy"], fetching_shorts: ["Searching clips", "busy"], downloading_shorts: ["Fetching clips", "busy"],
  selecting_shorts: ["Choosing clips", "busy"], generating_subtitles: ["Captioning", "busy"], assembling_video: ["Rendering", "busy"], final_composition: ["Finishing", "busy"],
  completed: ["Done", "good"], failed: ["Failed", "bad"], cancelled: ["Cancelled", "calm"], parked: ["Waiting", "held"], dead_lettered: ["Given up", "bad"],
};

export const FINAL = ["completed", "failed", "cancelled", "dead_lettered"];
export const nameOf = (status) => NAMES[status]?.[0] ?? status;
export const toneOf = (status) => NAMES[status]?.[1] ?? "calm";
export const isFinal = (job) => FINAL.includes(job.status);

export const pill = (status) => paintPill(h("span"), status);

export function paintPill(element, status) {
  element.className = `pill ${toneOf(status)}`;
  say(element, nameOf(status));
  return element;
}

export const meter = (job) => paintMeter(h("div", { "aria-hidden": "true" }, h("i")), job);

export function paintMeter(element, job) {
  element.className = `meter ${{ bad: "bad", held: "held", calm: "calm" }[toneOf(job.status)] ?? ""}`;
  element.firstChild.style.setProperty("--part", job.progress / 100);
  return element;
}

/** "about 40 s left", where the server foresees it. */
export function left(job) {
  if (isFinal(job) || job.eta === null || job.eta === undefined) return "";
  const seconds = typeof job.eta === "number" ? job.eta : (Date.parse(job.eta) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? `${roughly(seconds)} left` : "";
}

// An estimate to the second would promise too much.
function roughly(seconds) {
  if (seconds < 5) return "a few seconds";
  if (seconds < 55) return `about ${5 * Math.round(seconds / 5)} s`;
  return seconds < 3300 ? `about ${Math.round(seconds / 60)} min` : `about ${span(Math.round(seconds / 600) * 600)}`;
}

export const pictureOf = (aspect) => `/page/pictures/aspect-${aspect.replace(":", "x")}.svg`;

const SILOS = 8;
const known = [];

/** A colour for each silo, in the order that they are met. */
export function siloColour(name) {
  if (!known.includes(name)) known.push(name);
  return `var(--silo-${known.indexOf(name) % SILOS})`;
}
