// Keyboard shortcuts, the list of them, and the switch that turns single keys off.

import { all, el, one, recall, remember } from "./dom";

const off = (): boolean => recall("keys") === "off";

// typing reports whether a key belongs to what the reader is writing.
function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select, textarea"));
}

// listen calls open for the palette's keys and follows the others itself.
export function listen(open: () => void): void {
  let going = -Infinity; // when "g" was pressed
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      open();
      return;
    }
    const busy = event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]") !== null;
    if (busy || off() || event.isComposing) return;
    const way = event.timeStamp - going < 1500 ? wayTo(event.key) : null;
    going = -Infinity;
    if (way) {
      event.preventDefault();
      way.click();
    } else if (event.key === "/") {
      event.preventDefault();
      open();
    } else if (event.key === "?") {
      event.preventDefault();
      shortcuts();
    } else if (event.key === "g") {
      going = event.timeStamp;
    }
  });
}

function wayTo(key: string): HTMLElement | null {
  return all<HTMLAnchorElement>("a[data-key]").find((link) => link.dataset.key === key) ?? null;
}

function row(keys: string[], what: string): HTMLElement {
  const shown = keys.flatMap((key, i) => (i ? [" ", el("kbd", {}, key)] : [el("kbd", {}, key)]));
  return el("div", {}, el("dt", {}, what), el("dd", {}, ...shown));
}

// shortcutsButton puts the way to the list of keys into the footer.
export function shortcutsButton(): void {
  const button = el("button", { type: "button", class: "plain" }, "Keyboard shortcuts ", el("kbd", {}, "?"));
  button.addEventListener("click", shortcuts);
  one(".foot")?.append(el("p", {}, button));
}

// shortcuts shows the list of keys.
function shortcuts(): void {
  const ways = all<HTMLAnchorElement>("a[data-key]").map((link) => row(["g", link.dataset.key ?? ""], link.textContent?.trim() ?? ""));
  const single = el("input", { type: "checkbox", checked: !off() });
  single.addEventListener("change", () => remember("keys", single.checked ? "" : "off"));
  const close = el("button", { type: "button", class: "button" }, "Close");
  const dialog = el(
    "dialog",
    { class: "shortcuts", "aria-labelledby": "sp-shortcuts" },
    // The heading has the focus first: the switch at the end would scroll a small screen down.
    el("h2", { id: "sp-shortcuts", tabindex: "-1", autofocus: true }, "Keyboard shortcuts"),
    el("dl", {}, row(["/"], "Find anything"), row(["Ctrl", "K"], "Find anything, also while writing"), ...ways, row(["?"], "This list"), row(["Esc"], "Close")),
    el("label", {}, single, "Single-key shortcuts"),
    close,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
