// Questions: a key, and whether to go through with it.
import { $, h } from "./dom.js";

function open(title, ...content) {
  const dialog = $("ask");
  dialog.replaceChildren(h("h2", { id: "ask-title" }, title), ...content);
  if (!dialog.open) dialog.showModal();
  return dialog;
}

/** The key that the user types. @param wrong whether one was tried already. */
export function askForKey(wrong) {
  return new Promise((resolve) => {
    const input = h("input", { type: "password", id: "key", autocomplete: "off", required: true, autofocus: true, "aria-describedby": "key-hint" });
    const form = h("form", { method: "dialog", onsubmit: () => resolve(input.value.trim()) },
      h("p", { id: "key-hint", class: "soft" }, wrong ? "The server did not take that key. Try another." : "This server wants an API key. It is kept until this tab is closed. Whoever runs the server makes one: makevideo keys."),
      h("div", { class: "field" }, h("label", { class: "label", for: "key" }, "API key"), input),
      h("div", { class: "row" }, h("button", { class: "button primary" }, "Continue")));
    const dialog = open("Who are you?", form);
    dialog.oncancel = (event) => event.preventDefault();
    // A second Escape closes a dialog all the same; without a key nothing goes on.
    dialog.onclose = () => {
      if (input.value.trim() === "") dialog.showModal();
      else dialog.onclose = null;
    };
    input.focus();
  });
}

/** A picture, large. */
export function look(title, address) {
  const dialog = open(title, h("img", { src: address, alt: `A frame of ${title}`, class: "large" }),
    h("form", { method: "dialog" }, h("div", { class: "row" }, h("button", { class: "button", autofocus: true }, "Close"))));
  [dialog.oncancel, dialog.onclose] = [null, null];
}

/** True when the user says yes. */
export function confirm(title, text, yes) {
  return new Promise((resolve) => {
    const dialog = open(title,
      h("form", { method: "dialog" },
        h("p", { class: "soft" }, text),
        h("div", { class: "row" },
          h("button", { class: "button", value: "no", autofocus: true }, "Keep it"),
          h("button", { class: "button danger", value: "yes" }, yes))));
    [dialog.oncancel, dialog.onclose] = [null, null];
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
