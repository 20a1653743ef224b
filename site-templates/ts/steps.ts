// On runbooks: a check box for each step, kept on this computer only, so that whoever is
// called away finds back to where they were. Printed, the boxes are for a pencil.

import { el, one, recall, remember } from "./dom";

// steps gives each step of a runbook its check box.
export function steps(): void {
  const place = one("[data-steps]");
  if (!place) return;
  const ids = place.dataset.steps!.split(" ");
  const key = `steps ${location.pathname}`;
  const done = new Set(recall(key).split(" "));
  const boxes: HTMLInputElement[] = [];
  const told = one("[role=status]", place)!;
  const again = one("button", place)!;
  const tell = (): void => {
    const left = boxes.filter((box) => box.checked).map((box) => box.value);
    remember(key, left.join(" "));
    told.textContent = left.length ? `${left.length} of ${boxes.length} steps done` : `${boxes.length} steps. Tick each when it is done.`;
    again.hidden = left.length === 0;
    for (const box of boxes) box.parentElement!.classList.toggle("ticked", box.checked);
  };
  for (const [n, id] of ids.entries()) {
    const step = document.getElementById(id);
    if (!step) continue;
    const box = el("input", { type: "checkbox", class: "tick", value: id, "aria-label": `Step ${n + 1} done` });
    box.checked = done.has(id);
    box.addEventListener("change", tell);
    step.prepend(box);
    boxes.push(box);
  }
  again.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    tell();
    boxes[0]?.focus();
  });
  place.hidden = boxes.length === 0;
  tell();
}
