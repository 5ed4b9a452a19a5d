// The stages as a graph: speech and footage side by side, meeting at rendering. Left to right where there is room, else from top to bottom.
import { h, s, span, words } from "./dom.js";

const STAGES = {
  analyzing_audio: ["Listen", 0, 0], generating_subtitles: ["Caption", 2, 0],
  fetching_shorts: ["Search", 0, 1], downloading_shorts: ["Fetch & check", 1, 1], selecting_shorts: ["Choose", 2, 1],
  assembling_video: ["Render", 3, 0.5], final_composition: ["Finish", 4, 0.5],
};
const EDGES = [
  ["analyzing_audio", "generating_subtitles"], ["fetching_shorts", "downloading_shorts"], ["downloading_shorts", "selecting_shorts"],
  ["generating_subtitles", "assembling_video"], ["selecting_shorts", "assembling_video"], ["assembling_video", "final_composition"],
];
const ENOUGH = 560;

export function stageGraph() {
  const holder = h("div");
  const list = h("ol", { class: "unseen" });
  const element = h("section", { class: "panel", "aria-labelledby": "graph-title" }, h("h2", { id: "graph-title" }, "Stages"), list, holder);
  let [job, parts, drawn] = [null, {}, 0];

  function draw(width) {
    drawn = width;
    const flat = width >= ENOUGH;
    const [wide, high, top] = flat ? [Math.min(150, (width - 4 * 22) / 5), 58, 20] : [(width - 16) / 2, 54, 20];
    const step = flat ? (width - wide) / 4 : 78;
    const place = (name) => {
      const [, along, branch] = STAGES[name];
      return flat ? { x: along * step, y: top + branch * 94 } : { x: branch * (width - wide), y: top + along * step };
    };
    const height = flat ? top + 94 + high + 2 : top + 4 * step + high + 2;
    parts = {};
    const edges = EDGES.map(([from, to]) => {
      const [a, b] = [place(from), place(to)];
      const [x1, y1, x2, y2] = flat ? [a.x + wide, a.y + high / 2, b.x, b.y + high / 2] : [a.x + wide / 2, a.y + high, b.x + wide / 2, b.y];
      const d = flat ? `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}` : `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`;
      return (parts[`${from}>${to}`] = s("path", { class: "edge", d }));
    });
    const nodes = Object.entries(STAGES).map(([name, [label]], index) => {
      const { x, y } = place(name);
      const fill = s("rect", { class: "fill", width: 0, height: high });
      const [time, mark] = [s("text", { class: "time", x: 13, y: 43 }), s("path", { class: "mark" })];
      const node = s("g", { transform: `translate(${x} ${y})` },
        s("clipPath", { id: `node-${index}` }, s("rect", { width: wide, height: high, rx: 12 })),
        s("rect", { class: "box", width: wide, height: high, rx: 12 }), s("g", { "clip-path": `url(#node-${index})` }, fill),
        s("rect", { class: "box", width: wide, height: high, rx: 12, "fill-opacity": 0 }),
        s("text", { x: 13, y: 24 }, label), time, s("g", { transform: `translate(${wide - 27} ${high / 2 - 7})` }, mark));
      parts[name] = { node, fill, time, mark, wide };
      return node;
    });
    const branch = (text, name) => s("text", { class: "branch", x: place(name).x + 1, y: place(name).y - 8 }, text);
    holder.replaceChildren(s("svg", { class: "graph", viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" },
      edges, branch("Speech", "analyzing_audio"), branch("Footage", "fetching_shorts"), nodes));
  }

  const room = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== drawn) {
      draw(width);
      if (job) paint();
    }
  });
  room.observe(holder);

  function paint() {
    const told = [];
    for (const [name, [label]] of Object.entries(STAGES)) {
      const stage = job.stages[name] ?? { status: "pending", progress: 0 };
      const { node, fill, time, mark, wide } = parts[name];
      node.setAttribute("class", stage.status);
      fill.setAttribute("width", (wide * (stage.status === "completed" ? 100 : stage.progress)) / 100);
      const percent = stage.status === "in_progress" && stage.progress > 0 ? `${Math.floor(stage.progress)} %` : "";
      time.textContent = [percent, stage.duration === null || stage.duration === undefined ? "" : span(stage.duration)].filter(Boolean).join(" · ");
      mark.setAttribute("d", { completed: "M1 7.5l4 4 8-9", failed: "M2 2l10 10M12 2l-10 10", in_progress: "M7 1.5a5.5 5.5 0 1 1-5.5 5.5" }[stage.status] ?? "");
      told.push(h("li", {}, `${label}: ${words(stage.status)}${percent && `, ${percent}`}`));
    }
    for (const [from, to] of EDGES) parts[`${from}>${to}`].classList.toggle("done", job.stages[from]?.status === "completed");
    list.replaceChildren(...told);
  }

  return {
    element,
    paint(next) {
      job = next;
      if (drawn) paint();
    },
    close: () => room.disconnect(),
  };
}
