// What is said, word by word: the one that is heard is marked, a click goes there. One stop for the tab key; arrows move among the words.
import { clock, h } from "./dom.js";
import { read } from "./api.js";

/** Seconds of silence that begin a new paragraph. */
const PAUSE = 0.7;

export function wordList(id) {
  const list = h("div", { class: "words", role: "group", "aria-label": "Words; arrow keys move, Enter plays from there" });
  const element = h("section", { class: "panel", "aria-labelledby": "words-title", hidden: true }, h("h2", { id: "words-title" }, "What is said"), list);
  let [words, buttons, video, current, asked, frame] = [[], [], null, -1, false, 0];

  function build(heard) {
    words = heard.words;
    buttons = [];
    list.replaceChildren();
    words.forEach((word, index) => {
      if (index === 0 || word.start - words[index - 1].end > PAUSE) list.append(h("p"));
      const button = h("button", { type: "button", tabindex: index === 0 ? 0 : -1, title: clock(word.start), disabled: video.hidden, onclick: () => seek(index) }, word.text);
      buttons.push(button);
      list.lastChild.append(button, " ");
    });
    element.hidden = words.length === 0;
  }

  function seek(index) {
    stop(index);
    // Just past its beginning: players round to a frame, and the frame before still shows the word before.
    video.currentTime = words[index].start + 0.01;
    mark();
  }

  function stop(index) {
    buttons.forEach((button, at) => (button.tabIndex = at === index ? 0 : -1));
  }

  function mark() {
    const at = video.currentTime;
    const now = words.findLastIndex((word) => word.start <= at);
    const index = now >= 0 && at < words[now].end + 0.25 ? now : -1;
    if (index === current) return;
    buttons[current]?.classList.remove("now");
    buttons[current]?.removeAttribute("aria-current");
    current = index;
    const button = buttons[index];
    if (!button) return;
    button.classList.add("now");
    button.setAttribute("aria-current", "true");
    const [top, bottom] = [button.offsetTop, button.offsetTop + button.offsetHeight];
    if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight / 3;
  }

  function run() {
    mark();
    frame = requestAnimationFrame(run);
  }

  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined || !buttons[to]) return;
    event.preventDefault();
    stop(to);
    buttons[to].focus();
  });

  return {
    element,
    /** The video that the words belong to. */
    follow(player) {
      video = player;
      video.addEventListener("play", () => { cancelAnimationFrame(frame); run(); });
      for (const event of ["pause", "ended"]) video.addEventListener(event, () => { cancelAnimationFrame(frame); mark(); });
      video.addEventListener("seeked", mark);
    },
    async paint(job) {
      for (const button of buttons) button.disabled = job.status !== "completed";
      if (asked || job.stages.generating_subtitles?.status !== "completed") return;
      asked = true;
      try {
        build(await read(`/jobs/${encodeURIComponent(id)}/words`));
      } catch {
        asked = false; // the next change of the job asks again
      }
    },
    close: () => cancelAnimationFrame(frame),
  };
}
