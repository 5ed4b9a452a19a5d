// The clips that were tried: a picture of each, whether it is used or why not, and the user's own word on it.
import { announce, h, s, say, words } from "./dom.js";
import { read, source } from "./api.js";
import { look } from "./dialogs.js";

const REASONS = {
  clip_has_text: "Text is burned in.", clip_too_short: "Too short.", clip_too_small: "Too small.", clip_corrupt: "Does not decode.", clip_missing: "Could not be had.", clip_empty: "The file is empty.",
  clip_too_large: "The file is too large.", clip_unreadable: "Cannot be read.", clip_no_video: "Has no video.", clip_format_refused: "Of a format that is not taken.", clip_unwanted: "Ruled out by hand.",
};
const FINAL = ["done", "reused", "rejected", "failed"];

export function clipTiles() {
  const list = h("ul", { class: "clips" });
  const element = h("section", { class: "panel", "aria-labelledby": "clips-title" }, h("h2", { id: "clips-title" }, "Clips"), list);
  let tiles = [];
  return {
    element,
    paint(job) {
      element.hidden = job.clips.length === 0;
      while (tiles.length < job.clips.length) {
        const made = tile();
        tiles.push(made);
        list.append(made.element);
      }
      job.clips.forEach((clip, index) => tiles[index].paint(clip, job));
    },
    close() {
      for (const one of tiles) one.close();
      tiles = [];
    },
  };
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function tile() {
  const [name, why, face, part] = [h("h3"), h("p"), h("button", { type: "button", class: "thumb", disabled: true, onclick: () => picture && look(name.textContent, picture.src) }), h("i")];
  const meter = h("div", { class: "meter", "aria-hidden": "true" }, part);
  const badge = s("svg", { class: "badge", viewBox: "0 0 14 14", "aria-hidden": "true" }, s("path", {}));
  const button = h("button", { type: "button", class: "button small", hidden: true });
  const element = h("li", { class: "clip" }, face, name, why, button);
  face.append(meter, badge);
  let [picture, shown, ruling, tries, repaint] = [null, "", null, 0, () => {}];

  async function show(clip) {
    const wanted = `${clip.clip} ${clip.status === "rejected"}`;
    if (!clip.clip || shown === wanted) return;
    shown = wanted;
    const path = `/clips/${clip.clip}/${clip.status === "rejected" ? "thumbnail" : "frame"}`;
    const image = h("img", { alt: "", decoding: "async", loading: "lazy" });
    // Without a picture the tile stays plain; a server that was away for a moment is asked once more.
    image.onerror = () => { image.remove(); if (tries++ < 2) shown = ""; };
    image.onload = () => { picture?.remove(); picture = image; face.disabled = false; };
    try {
      // What was ruled since the job looked at it, only the clip knows.
      if (clip.status === "rejected" && ruling === null) read(`/clips/${clip.clip}`).then((known) => { ruling ??= known.ruling; repaint(); }, () => {});
      image.src = await source(path);
      face.prepend(image);
    } catch {
      // The tile is plain.
    }
  }

  async function rule(clip, word) {
    button.disabled = true;
    try {
      const answer = await read(`/clips/${clip.clip}/${word}`, { method: "POST" });
      ruling = answer.ruling;
      announce(`${clip.name}: ${word === "accept" ? "accepted for the next job" : "ruled out"}.`);
    } catch (problem) {
      say(why, problem.message);
    } finally {
      button.disabled = false;
    }
  }

  return {
    element,
    paint(clip) {
      repaint = () => this.paint(clip);
      element.className = `clip ${clip.status}`;
      say(name, clip.name);
      name.title = clip.name;
      face.setAttribute("aria-label", `Look at ${clip.name}`);
      const final = FINAL.includes(clip.status);
      meter.hidden = final || clip.status === "waiting";
      part.style.setProperty("--part", clip.progress / 100);
      const used = clip.status === "done" || clip.status === "reused";
      badge.firstChild.setAttribute("d", used ? "M2.5 7.5l3 3 6-7" : final ? "M3 3l8 8M11 3l-8 8" : "");
      badge.toggleAttribute("hidden", !final);
      const reason = clip.reason ? REASONS[clip.reason] ?? capital(clip.reason.replace(/^The clip is left out: /, "")) : "";
      const state = { waiting: reason || "Not needed yet", working: "Being fetched", done: "Accepted", reused: "Accepted, was there", rejected: `Left out. ${reason}`, failed: `Failed. ${reason}` }[clip.status] ?? words(clip.status);
      say(why, ruling === null ? state : ruling === "accepted" ? "Accepted by hand: the next job may use it." : "Ruled out by hand: no later job uses it.");
      if (final) show(clip);
      const word = (ruling ?? (clip.status === "rejected" ? "rejected" : "accepted")) === "rejected" ? "accept" : "reject";
      button.hidden = !clip.clip || !final || clip.status === "failed";
      say(button, word === "accept" ? "Accept" : "Reject");
      button.setAttribute("aria-label", `${word === "accept" ? "Accept" : "Reject"} ${clip.name} for later jobs`);
      button.onclick = async () => { await rule(clip, word); repaint(); };
    },
    close() {
      if (picture?.src.startsWith("blob:")) URL.revokeObjectURL(picture.src);
    },
  };
}
