// The video, or how far it is.
import { h, s, say } from "./dom.js";
import { source } from "./api.js";
import { isFinal, left, nameOf } from "./status.js";

const AROUND = 2 * Math.PI * 58;

export function player(id) {
  const part = s("circle", { class: "part", cx: 66, cy: 66, r: 58, "stroke-dasharray": AROUND, "stroke-dashoffset": AROUND });
  const [percent, doing] = [h("span", { class: "ring-text" }), h("span")];
  const waiting = h("div", { class: "waiting", "aria-hidden": "true" },
    h("div", { class: "ring-box" }, s("svg", { class: "ring", viewBox: "0 0 132 132" }, s("circle", { cx: 66, cy: 66, r: 58 }), part), percent), doing);
  const video = h("video", { controls: true, playsinline: true, preload: "metadata", "aria-label": "The video", hidden: true });
  const screen = h("div", { class: "screen" }, waiting, video);
  let [shown, asking, open] = [null, null, true];

  return {
    element: screen,
    video,
    async paint(job) {
      const [width, height] = job.aspect_ratio.split(":").map(Number);
      screen.style.setProperty("--shape", `${width} / ${height}`);
      screen.classList.toggle("landscape", width > height);
      const done = job.status === "completed";
      waiting.hidden = done;
      video.hidden = !done;
      part.setAttribute("stroke-dashoffset", AROUND * (1 - job.progress / 100));
      say(percent, `${Math.floor(job.progress)} %`);
      say(doing, isFinal(job) ? nameOf(job.status) : [nameOf(job.status), left(job)].filter(Boolean).join(", "));
      const wanted = done ? job.result.sha256 : shown;
      if (shown === wanted || asking === wanted) return;
      asking = wanted;
      try {
        const address = await source(`/download/${encodeURIComponent(id)}`);
        if (open) [video.src, shown] = [address, wanted];
        else if (address.startsWith("blob:")) URL.revokeObjectURL(address);
      } catch {
        // The next change of the job, or of the page, asks again.
      } finally {
        asking = null;
      }
    },
    close() {
      open = false;
      video.pause();
      if (video.src.startsWith("blob:")) URL.revokeObjectURL(video.src);
      video.removeAttribute("src");
      video.load();
    },
  };
}
