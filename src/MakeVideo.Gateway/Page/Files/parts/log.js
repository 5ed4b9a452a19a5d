// The job's life, as its log has it; closed until somebody wants to read it.
import { h, time, words } from "./dom.js";
import { read } from "./api.js";

/** Shortest time between two looks while the job works. */
const EVERY = 3000;

export function jobLog(id) {
  const list = h("ol", { tabindex: 0, "aria-label": "Log, newest first" });
  const details = h("details", {}, h("summary", {}, "Log"), list);
  const element = h("section", { class: "panel log", "aria-label": "Log" }, details);
  let [asked, marks, timer, entries] = [0, "", null, []];
  const part = {
    element,
    /** Told the entries each time that there are more. */
    heard: () => {},
    paint(job) {
      // A log is read again only when something that it tells of has happened.
      const done = (items) => items.filter((item) => item.status !== "waiting" && item.status !== "working").length;
      const now = `${job.status} ${job.epoch} ${done(job.clips)} ${done(job.segments)} ${job.recoveries.length}`;
      if (now === marks || timer !== null) return;
      marks = now;
      timer = setTimeout(look, Math.max(0, asked + EVERY - Date.now()), job.status);
    },
    close: () => clearTimeout(timer),
  };

  async function look() {
    asked = Date.now();
    timer = null;
    try {
      entries = await read(`/jobs/${encodeURIComponent(id)}/events-log`);
    } catch {
      return;
    }
    part.heard(entries);
    if (details.open) paint();
  }

  function paint() {
    list.replaceChildren(...entries.toReversed().map((entry) => h("li", {},
      h("span", { class: "soft" }, time(entry.at)), h("span", {}, words(entry.kind)), h("span", {}, [entry.detail, entry.silo].filter(Boolean).join(" · ")))));
  }

  details.addEventListener("toggle", () => { if (details.open) paint(); });
  return part;
}
