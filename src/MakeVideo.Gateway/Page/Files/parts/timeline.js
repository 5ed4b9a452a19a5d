// The video's segments in order of time: empty, being rendered, done; coloured by the silo. Recoveries stand where the work was when they came.
import { clock, h, say, span, time } from "./dom.js";
import { siloColour } from "./status.js";

const CAUSES = {
  silo_lost: "its silo was lost", startup: "the cluster was started again", reminder: "nobody was at work on it", drain: "its silo was stopped in good order", stall: "it gave no sign of life", turn: "it was its turn",
};
const MANY = 120;
const MOST_LABELS = 16;

const isDone = (segment) => segment.status === "done" || segment.status === "reused";

export function timeline() {
  const [flags, strip, ruler, legend, receipts, count] = [
    h("div", { class: "flags", "aria-hidden": "true", hidden: true }), h("ol", { class: "strip", "aria-hidden": "true" }), h("div", { class: "ruler", "aria-hidden": "true" }),
    h("ul", { class: "legend" }), h("ul", { class: "receipts", hidden: true }), h("p", { class: "unseen" }),
  ];
  const element = h("section", { class: "panel", "aria-labelledby": "strip-title" },
    h("h2", { id: "strip-title" }, "Timeline"), count, h("div", { class: "strip-wrap" }, flags, strip, ruler, legend), receipts);
  let [cells, job, log] = [[], null, []];

  function build() {
    cells = job.segments.map((segment) => {
      const [from, to] = segment.name.split(" - ").map(seconds);
      const [fill, label] = [h("i"), h("span")];
      return { fill, label, cell: h("li", { "--seconds": Math.max(0.1, to - from) }, fill, label) };
    });
    strip.classList.toggle("many", cells.length > MANY);
    strip.replaceChildren(...cells.map(({ cell }) => cell));
    const total = job.target_video_duration ?? 0;
    ruler.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map((part) => h("span", {}, clock(total * part))));
  }

  function paint() {
    element.hidden = job.segments.length === 0;
    if (element.hidden) return;
    if (cells.length !== job.segments.length) build();
    const rendered = silosOf(log);
    const siloOf = (segment, index) => rendered.get(index) ?? (segment.status === "reused" ? undefined : segment.silo);
    const silos = new Map();
    let reused = 0;
    job.segments.forEach((segment, index) => {
      const silo = siloOf(segment, index);
      const { cell, fill } = cells[index];
      cell.className = segment.status;
      cell.title = `${segment.name}: ${segment.status}${silo ? `, ${silo}` : ""}`;
      fill.style.setProperty("--part", ["done", "reused", "failed"].includes(segment.status) ? 1 : segment.progress / 100);
      if (silo) {
        fill.style.setProperty("--silo", siloColour(silo));
        if (segment.status !== "waiting") silos.set(silo, (silos.get(silo) ?? 0) + (isDone(segment) ? 1 : 0));
      }
      if (segment.status === "reused") reused++;
    });
    // With one silo there is nothing to tell apart; where there are many segments, there is no room.
    const labelled = silos.size > 1 && cells.length <= MOST_LABELS;
    job.segments.forEach((segment, index) => {
      const silo = siloOf(segment, index);
      say(cells[index].label, labelled && silo && (isDone(segment) || segment.progress > 0) ? silo : "");
    });
    const done = job.segments.filter(isDone).length;
    say(count, `${done} of ${job.segments.length} segments done.`);
    const told = [[`${done} of ${job.segments.length} segments`, null], ...[...silos].map(([silo, number]) => [number > 0 ? `${silo} · ${number}` : silo, siloColour(silo)]), ...(reused > 0 ? [[`${reused} found done`, null]] : [])];
    legend.replaceChildren(...told.map(([text, colour]) => h("li", {}, colour && h("i", { class: "dot", "--silo": colour }), text)));
    paintRecoveries();
  }

  function paintRecoveries() {
    flags.hidden = receipts.hidden = job.recoveries.length === 0;
    flags.replaceChildren(...job.recoveries.map((receipt) => h("span", { "--at": standing(receipt) }, "Recovered")));
    receipts.replaceChildren(...job.recoveries.map((receipt) => h("li", {},
      h("strong", {}, `Recovered at ${time(receipt.at)}: ${CAUSES[receipt.cause] ?? receipt.cause}`),
      h("p", { class: "soft" }, [
        receipt.from_silo && receipt.from_silo !== receipt.to_silo ? `${receipt.from_silo} → ${receipt.to_silo}` : receipt.to_silo,
        `${span(receipt.seconds_without_progress)} without progress`, `${receipt.items_reused} items reused, ${receipt.items_redone} done again`,
        receipt.seconds_saved > 0 && `${span(receipt.seconds_saved)} of work saved`].filter(Boolean).join(" · ")))));
  }

  /** Share of the timeline that was done when a recovery came. */
  function standing(receipt) {
    const before = new Set(log.filter((entry) => entry.epoch < receipt.epoch && /^segment_(done|reused)$/.test(entry.kind)).map((entry) => entry.detail));
    return job.segments.length > 0 ? Math.min(1, before.size / job.segments.length) : 0;
  }

  return {
    element,
    paint(next) {
      job = next;
      paint();
    },
    /** The job's log: it knows longer than the job where each segment was rendered. */
    heard(entries) {
      log = entries;
      if (job) paint();
    },
  };
}

const seconds = (text) => text.split(":").reduce((all, part) => all * 60 + Number(part), 0);

/** Where each segment was rendered. Who later found one done did not render it. */
function silosOf(log) {
  const silos = new Map();
  for (const entry of log) {
    const index = entry.silo && entry.kind === "segment_done" && /^segment (\d+)/.exec(entry.detail ?? "");
    if (index) silos.set(Number(index[1]) - 1, entry.silo);
  }
  return silos;
}
