// Who works: silos with their slots, the line, and how many jobs there are.
import { $, h } from "./dom.js";
import { read } from "./api.js";
import { siloColour } from "./status.js";

const EVERY = 2000;
let [timer, shown] = [null, ""];

export function openCluster() {
  shown = "";
  $("cluster").replaceChildren(h("h1", { id: "cluster-title" }, "Cluster"), h("p", { class: "soft" }, "Asking…"));
  refresh();
}

export function closeCluster() {
  clearTimeout(timer);
  timer = null;
}

async function refresh() {
  let content;
  try {
    const cluster = await read("/cluster");
    content = [cluster, () => view(cluster)];
  } catch (problem) {
    content = [problem.message, () => [h("p", { class: "notice bad" }, problem.message)]];
  }
  const key = JSON.stringify(content[0]);
  if (key !== shown && !$("cluster").hidden) {
    shown = key;
    const focused = document.activeElement?.id;
    $("cluster").replaceChildren(h("h1", { id: "cluster-title" }, "Cluster"), ...content[1]());
    if (focused) $(focused)?.focus();
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, EVERY);
}

function view({ silos, line, jobs }) {
  const tile = (name, value) => h("div", { class: "tile" }, h("dt", {}, name), h("dd", {}, value));
  return [
    h("dl", { class: "tiles" },
      tile("at work, of the most at once", `${line.working} / ${line.most}`), tile("in line", line.waiting), tile("parked", jobs.parked ?? 0),
      tile("completed", jobs.completed ?? 0), tile("failed or given up", (jobs.failed ?? 0) + (jobs.dead_lettered ?? 0))),
    h("h2", {}, silos.length === 1 ? "One silo" : `${silos.length} silos`),
    h("ul", { class: "silos" }, silos.map(card)),
  ];
}

function card(silo, index) {
  const state = silo.draining ? ["Leaving", "held"] : silo.store_seen ? ["Ready", "good"] : ["Store away", "bad"];
  const many = silo.slots > 64;
  return h("li", { class: "silo", "--silo": siloColour(silo.name) },
    h("header", {}, h("h3", {}, h("i", { class: "dot" }), silo.name), h("span", { class: `pill ${state[1]}` }, state[0])),
    h("div", { class: "slots", role: "img", "aria-label": `${silo.slots_used} of ${silo.slots} slots taken` },
      many ? null : Array.from({ length: silo.slots }, (_, at) => h("i", { class: at < silo.slots_used ? "used" : null }))),
    h("p", {}, `${silo.slots_used} of ${silo.slots} slots taken${silo.slots_waiting > 0 ? `, ${silo.slots_waiting} in line` : ""}${silo.address ? ` · ${silo.address}` : ""}`),
    silo.dashboard ? h("a", { id: `dashboard-${index}`, href: silo.dashboard, target: "_blank", rel: "noopener noreferrer" }, "Orleans Dashboard", h("span", { class: "unseen" }, ` of ${silo.name}, opens a new tab`)) : null);
}
