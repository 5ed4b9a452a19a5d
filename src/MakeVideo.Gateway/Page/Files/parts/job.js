// One job: follows its events and hands each change to the parts that show it.
import { $, ago, announce, h, say, span, time } from "./dom.js";
import { ask, follow, read, save } from "./api.js";
import { confirm } from "./dialogs.js";
import { isFinal, left, meter, nameOf, paintMeter, paintPill, pill } from "./status.js";
import { clipTiles } from "./clips.js";
import { jobLog } from "./log.js";
import { player } from "./player.js";
import { stageGraph } from "./graph.js";
import { timeline } from "./timeline.js";
import { wordList } from "./words.js";

let end = () => {};

export function closeJob() {
  end();
  end = () => {};
  $("job").replaceChildren();
}

export function openJob(id) {
  closeJob();
  const view = build(id);
  $("job").replaceChildren(view.head, h("p", { class: "soft" }, "Asking…"));
  let job = null;
  let stop = () => {};
  let closed = false;

  const paint = () => {
    if (closed) return;
    if ($("job").children.length !== view.all.length || $("job").lastChild !== view.all.at(-1)) $("job").replaceChildren(...view.all);
    view.paint(job);
  };
  const begin = () => {
    stop();
    stop = follow(`/jobs/${encodeURIComponent(id)}/events`, {
      open: () => view.away(""),
      snapshot: (body) => { job = body; view.away(""); paint(); },
      change: (change) => { job = merge(job, change); paint(); },
      away: () => view.away("The cluster does not answer now. What is shown is from before; it goes on by itself."),
      lost: () => view.away("The connection to the server is lost. This page connects again by itself."),
      end: (body) => { if (!body.status) view.gone("This job was deleted."); },
      missing: (problem) => view.gone(problem.message),
    });
  };
  view.act = act(id, begin, (body) => { job = body; paint(); });
  begin();
  end = () => { closed = true; stop(); view.close(); };
}

/** A body with a change on top: of stages by name, of clips and segments by index. */
export function merge(job, change) {
  const next = { ...job };
  for (const [name, value] of Object.entries(change)) {
    if (name === "clips" || name === "segments") {
      next[name] = [...job[name]];
      for (const [index, item] of Object.entries(value)) next[name][Number(index)] = item;
    } else {
      next[name] = name === "stages" ? { ...job.stages, ...value } : value;
    }
  }
  return next;
}

/** What the buttons do. */
function act(id, begin, show) {
  const path = `/jobs/${encodeURIComponent(id)}`;
  const post = async (what, said) => {
    show(await read(`${path}/${what}`, { method: "POST" }));
    announce(said);
  };
  return {
    cancel: async () => {
      if (await confirm("Cancel this job?", "What is done is kept: retry goes on from there.", "Cancel the job")) await post("cancel", "Cancelled.");
    },
    retry: async () => { await post("retry", "Back in line."); begin(); },
    remove: async () => {
      if (!(await confirm("Delete this job?", "Its video, its audio and its record go for good.", "Delete for good"))) return;
      await ask(path, { method: "DELETE" });
      location.hash = "#/";
      announce("Deleted.");
    },
    video: () => save(`/download/${encodeURIComponent(id)}`, `${id}.mp4`),
    subtitles: () => save(`${path}/subtitles`, `${id}.srt`),
    credits: () => save(`/download/${encodeURIComponent(id)}/credits`, `${id}.txt`),
  };
}

function build(id) {
  const view = { act: null };
  const title = h("h1", { id: "job-title" }, "Job");
  const [state, facts, percent, rest, notices] = [pill("queued"), h("p"), h("strong"), h("span", { class: "soft number" }), h("div", { class: "notices" })];
  const bar = meter({ status: "queued", progress: 0 });
  const [away, parked, failed] = [h("p", { class: "notice bad", hidden: true }), h("p", { class: "notice held", hidden: true }), h("p", { class: "notice bad", role: "alert", hidden: true })];
  const button = (name, text, kind = "") => h("button", {
    type: "button", class: `button ${kind}`, hidden: true, onclick: async (event) => {
      event.target.disabled = true;
      try { await view.act[name](); } catch (problem) { note(failed, problem.message); } finally { event.target.disabled = false; }
    },
  }, text);
  const buttons = {
    video: button("video", "Download video", "primary"), subtitles: button("subtitles", "SRT"), credits: button("credits", "Credits"),
    retry: button("retry", "Retry", "primary"), cancel: button("cancel", "Cancel"), remove: button("remove", "Delete", "danger"),
  };
  const parts = [player(id), wordList(id), stageGraph(), timeline(id), clipTiles(), jobLog(id)];
  const [screen, words, graph, strip, clips, log] = parts;
  words.follow(screen.video);
  log.heard = strip.heard;
  view.head = h("header", { class: "job-head" },
    h("a", { class: "back", href: "#/" }, "← Jobs"), h("div", { class: "job-title" }, title, state),
    h("div", { class: "job-line" }, facts, h("div", { class: "actions" }, Object.values(buttons))),
    h("div", { class: "progress" }, percent, rest, bar));
  notices.append(away, parked, failed);
  view.all = [view.head, notices, h("div", { class: "job-grid" },
    h("div", { class: "column" }, screen.element, words.element),
    h("div", { class: "column" }, graph.element, strip.element, clips.element, log.element))];
  view.away = (text) => note(away, text);
  view.gone = (text) => $("job").replaceChildren(h("header", { class: "job-head" }, h("a", { class: "back", href: "#/" }, "← Jobs"), h("h1", { id: "job-title" }, "No such job"), h("p", { class: "notice" }, text)));
  view.close = () => parts.forEach((part) => part.close?.());
  let status = null;
  view.paint = (job) => {
    say(title, job.query || job.job_id);
    document.title = `${isFinal(job) ? nameOf(job.status) : `${Math.floor(job.progress)} %`} · ${job.query} - MakeVideo`;
    paintPill(state, job.status);
    say(facts, [job.audio_name, job.audio_duration && span(job.audio_duration), job.aspect_ratio, `${job.subtitle_style} captions`, `${job.quality} quality`, ago(job.created_at)].filter(Boolean).join(" · "));
    say(percent, job.status === "completed" ? `Made in ${span(job.result.processing_time)}` : `${Math.floor(job.progress)} %`);
    say(rest, isFinal(job) ? "" : [left(job), job.silo && `on ${job.silo}`].filter(Boolean).join(" · "));
    paintMeter(bar, job);
    bar.hidden = job.status === "completed";
    note(parked, job.parked ? `${job.parked.message} The next try is at ${time(job.parked.until)}.` : "");
    note(failed, job.error && job.status !== "cancelled" ? job.error.message : "");
    const done = job.status === "completed";
    $("job").classList.toggle("done", done);
    for (const name of ["video", "subtitles", "credits"]) buttons[name].hidden = !done;
    buttons.retry.hidden = done || !isFinal(job);
    buttons.cancel.hidden = isFinal(job);
    buttons.remove.hidden = !isFinal(job);
    for (const part of parts) part.paint(job);
    if (status !== null && status !== job.status) announce(`${nameOf(job.status)}${isFinal(job) ? "" : `, ${Math.floor(job.progress)} percent`}.`);
    status = job.status;
  };
  return view;
}

function note(element, text) {
  element.hidden = !text;
  say(element, text);
}
