// Which view is shown: #/ jobs, #/new the form, #/jobs/ID one job, #/cluster.
import { $ } from "./parts/dom.js";
import { closeBoard, openBoard, startBoard } from "./parts/board.js";
import { closeCluster, openCluster } from "./parts/cluster.js";
import { startForm } from "./parts/form.js";
import { closeJob, openJob } from "./parts/job.js";

let leave = () => {};
let first = true;

function route() {
  const [, view = "", id = ""] = location.hash.split("/");
  leave();
  const name = view === "jobs" && id ? "job" : view === "cluster" ? "cluster" : view === "new" ? "new" : "home";
  document.body.dataset.view = name;
  $("home").hidden = name !== "home" && name !== "new";
  $("job").hidden = name !== "job";
  $("cluster").hidden = name !== "cluster";
  for (const link of document.querySelectorAll("[data-route]")) {
    if (link.dataset.route === name || (name === "job" && link.dataset.route === "home")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = { cluster: "Cluster - MakeVideo", new: "New video - MakeVideo" }[name] ?? "MakeVideo";
  if (name === "job") {
    openJob(decodeURIComponent(id));
    leave = closeJob;
  } else if (name === "cluster") {
    openCluster();
    leave = closeCluster;
  } else {
    openBoard();
    leave = closeBoard;
  }
  if (!first) {
    // Who hears the page is told that another view is there.
    $("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  first = false;
}

startForm((id) => (location.hash = `#/jobs/${id}`));
startBoard();
addEventListener("hashchange", route);
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("main").focus();
});
route();
