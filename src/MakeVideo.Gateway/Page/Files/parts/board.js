// The list of jobs, newest first, kept up to date while somebody looks.
import { $, ago, h, say, span } from "./dom.js";
import { read } from "./api.js";
import { isFinal, left, meter, paintMeter, paintPill, pictureOf, pill } from "./status.js";

const FILTERS = [
  { name: "All", asks: [""], counts: null },
  { name: "At work", asks: [""], only: (job) => !isFinal(job) && !["queued", "parked"].includes(job.status), counts: ["working"] },
  { name: "Waiting", asks: ["queued", "parked"], counts: ["queued", "parked"] },
  { name: "Done", asks: ["completed"], counts: ["completed"] },
  { name: "Failed", asks: ["failed", "dead_lettered", "cancelled"], counts: ["failed", "dead_lettered", "cancelled"] },
];
const PAGE = 40;
const MOST = 500;
const BUSY = 1500;
const IDLE = 5000;

let [filter, limit, timer, rows, round] = [0, PAGE, null, new Map(), 0];

export function startBoard() {
  $("filters").replaceChildren(...FILTERS.map((one, index) =>
    h("button", { type: "button", "aria-pressed": String(index === filter), onclick: () => choose(index) }, one.name, h("b", { class: "number" }))));
  $("more-jobs").addEventListener("click", () => { limit = Math.min(MOST, limit * 2); refresh(); });
  document.addEventListener("visibilitychange", () => { if (timer !== null && document.visibilityState === "visible") refresh(); });
}

export const openBoard = () => refresh();

export function closeBoard() {
  clearTimeout(timer);
  timer = null;
  round++;
}

function choose(index) {
  [filter, limit] = [index, PAGE];
  [...$("filters").children].forEach((button, at) => button.setAttribute("aria-pressed", String(at === filter)));
  refresh();
}

async function refresh() {
  clearTimeout(timer);
  const mine = ++round;
  let wait = IDLE;
  try {
    const { asks, only } = FILTERS[filter];
    const [counts, ...lists] = await Promise.all([
      read("/cluster").catch(() => null),
      ...asks.map((status) => read(`/jobs?brief=true&limit=${only ? MOST : limit}${status && `&status=${status}`}`)),
    ]);
    if (mine !== round) return;
    const found = lists.flatMap((list) => list.jobs ?? list).filter(only ?? (() => true));
    const jobs = found.sort((one, other) => other.created_at.localeCompare(one.created_at)).slice(0, limit);
    paint(jobs);
    paintCounts(counts?.jobs);
    $("more-jobs").hidden = found.length < limit || limit >= MOST;
    $("board-notice").hidden = true;
    if (jobs.some((job) => !isFinal(job))) wait = BUSY;
  } catch (problem) {
    if (mine !== round) return;
    $("board-notice").hidden = false;
    say($("board-notice"), `${problem.message} This list is from before; it goes on by itself.`);
  }
  // A page in the background asks nothing; it asks at once when it is seen again.
  timer = setTimeout(() => { if (document.visibilityState === "visible") refresh(); }, wait);
}

function paintCounts(counts) {
  if (!counts) return;
  [...$("filters").children].forEach((button, index) => {
    const names = FILTERS[index].counts;
    const sum = names ? names.reduce((all, name) => all + (counts[name] ?? 0), 0) : 0;
    say(button.lastChild, names && sum > 0 ? String(sum) : "");
  });
}

function paint(jobs) {
  const list = $("jobs");
  if (jobs.length === 0) {
    rows.clear();
    list.replaceChildren(h("li", { class: "empty" }, h("img", { src: "/page/pictures/wave.svg", alt: "", width: 44, height: 44 }),
      h("strong", {}, filter === 0 ? "No videos yet" : "Nothing here"), filter === 0 ? "Drop an audio file to make the first." : "No job stands there now."));
    return;
  }
  const before = rows;
  rows = new Map(jobs.map((job) => [job.job_id, before.get(job.job_id) ?? row(job)]));
  const wanted = [...rows.values()].map((one) => one.element);
  if (wanted.length !== list.children.length || wanted.some((element, index) => list.children[index] !== element)) {
    const focused = document.activeElement;
    list.replaceChildren(...wanted);
    if (list.contains(focused)) focused.focus();
  }
  for (const job of jobs) rows.get(job.job_id).paint(job);
}

function row(job) {
  const parts = {
    what: h("span", { class: "what" }), state: pill(job.status), facts: h("span", { class: "facts" }), left: h("span", { class: "left" }), meter: meter(job), why: h("span", { class: "why" }),
  };
  const card = h("a", { class: "card", href: `#/jobs/${job.job_id}` },
    h("img", { class: "shape", src: pictureOf(job.aspect_ratio), alt: `${job.aspect_ratio}` }), parts.what, parts.state, parts.facts, parts.left, parts.meter, parts.why);
  return {
    element: h("li", { class: "row" }, card),
    paint(now) {
      say(parts.what, now.query || now.job_id);
      paintPill(parts.state, now.status);
      paintMeter(parts.meter, now);
      parts.meter.hidden = now.status === "completed" || now.status === "queued";
      say(parts.facts, [now.audio_name, now.audio_duration && span(now.audio_duration), now.subtitle_style, ago(now.created_at)].filter(Boolean).join(" · "));
      say(parts.left, now.status === "completed" ? `made in ${span(now.result?.processing_time ?? 0)}` : isFinal(now) ? "" : [now.progress > 0 && `${Math.floor(now.progress)} %`, left(now)].filter(Boolean).join(" · "));
      const why = now.parked?.message ?? (now.error && now.status !== "cancelled" ? now.error.message : "");
      parts.why.hidden = !why;
      say(parts.why, why ?? "");
    },
  };
}
