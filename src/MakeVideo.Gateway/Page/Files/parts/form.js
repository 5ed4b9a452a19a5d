// Sending a job: the form, the upload, and what is wrong told beside the field that it concerns.
import { $, announce, say, size } from "./dom.js";
import { headers, wantKey } from "./api.js";

const FIELD_OF = [
  [/^audio_/, "audio_file"], [/^query_/, "query"], [/^aspect_/, "aspect_ratio"], [/^subtitle_style/, "subtitle_style"],
  [/^quality_/, "quality"], [/^language_/, "subtitle_language"], [/^script_/, "script"],
];

export function startForm(created) {
  const form = $("form");
  const input = $("audio");
  input.addEventListener("change", () => { show(input.files[0]); wrong("audio_file", ""); });
  $("query").addEventListener("input", () => wrong("query", ""));
  drops(input);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear();
    if (!complete(input)) return;
    const body = new FormData();
    // The small fields first: the server then knows what it is about before the audio is through.
    for (const [name, value] of new FormData(form)) if (name !== "audio_file" && value !== "") body.append(name, value);
    const script = $("script").value.trim();
    if (script) body.append("script", new Blob([script], { type: "text/plain" }), "script.txt");
    body.append("audio_file", input.files[0]);
    busy(true);
    try {
      created((await send(body)).job_id);
      form.reset();
      show(null);
    } catch (problem) {
      tell(problem);
    } finally {
      busy(false);
    }
  });
}

function complete(input) {
  const query = $("query").value.trim();
  if (!input.files[0]) wrong("audio_file", "Choose an audio file: the speech that the video is made of.");
  if (query.length < 3) wrong("query", "Say in at least three letters what the clips should show.");
  return focusFirst();
}

function focusFirst() {
  const first = document.querySelector("#form .field.wrong");
  first?.querySelector("input, select, textarea")?.focus();
  return !first;
}

/** XMLHttpRequest, for fetch does not tell how far an upload is. */
function send(body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/make-video");
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      const part = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
      $("upload-bar").value = part;
      say($("upload-text"), part < 100 ? `${part} %, ${size(event.loaded)}` : "Listening in…");
    });
    request.addEventListener("error", () => reject({ detail: "The server does not answer. Check that it runs, and send again." }));
    request.addEventListener("load", () => {
      const answer = parse(request.responseText);
      if (request.status === 401) wantKey().then(() => send(body)).then(resolve, reject);
      else if (request.status === 202) resolve(answer);
      else reject(answer ?? { detail: `The server answered ${request.status}.` });
    });
    request.send(body);
  });
}

function parse(text) {
  try { return JSON.parse(text); } catch { return null; }
}

function tell(problem) {
  const detail = problem.detail ?? "The job could not be sent.";
  const named = document.querySelector(`#form [data-field="${CSS.escape(detail.split(" ")[0])}"]`)?.dataset.field;
  const field = named ?? FIELD_OF.find(([code]) => code.test(problem.code ?? ""))?.[1];
  if (field) {
    if ($("more").querySelector(`[data-field="${field}"]`)) $("more").open = true;
    wrong(field, detail);
    focusFirst();
    announce(detail);
  } else {
    $("form-error").hidden = false;
    $("form-error").textContent = detail;
  }
}

function wrong(name, text) {
  const field = document.querySelector(`#form [data-field="${name}"]`);
  field.classList.toggle("wrong", text !== "");
  const control = field.querySelector("input, select, textarea");
  if (text === "") control.removeAttribute("aria-invalid");
  else control.setAttribute("aria-invalid", "true");
  say(field.querySelector("[data-error]"), text);
}

function clear() {
  for (const field of document.querySelectorAll("#form .field")) wrong(field.dataset.field, "");
  $("form-error").hidden = true;
}

function busy(on) {
  $("send").disabled = on;
  say($("send"), on ? "Sending…" : "Make video");
  $("upload").hidden = !on;
  $("upload-bar").value = 0;
  say($("upload-text"), "");
}

function show(file) {
  $("drop").classList.toggle("full", !!file);
  say($("audio-name"), file ? file.name : "Drop an audio file");
  say($("audio-size"), file ? size(file.size) : "or choose one");
}

/** A file may be dropped anywhere. */
function drops(input) {
  const hasFile = (event) => [...event.dataTransfer.types].includes("Files");
  const over = (on) => $("drop").classList.toggle("over", on);
  document.addEventListener("dragover", (event) => { if (hasFile(event)) { event.preventDefault(); over(true); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    over(false);
    if ($("home").hidden) location.hash = "#/new";
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
}
