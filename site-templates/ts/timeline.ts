// On timelines: shows only the kinds of events that are chosen. The choice stands in the
// page's address, after the #, and goes with the reader from page to page.

import { all, one } from "./dom";

function chosen(): string[] {
  return new URLSearchParams(location.hash.slice(1)).getAll("kind");
}

// show hides all events of other kinds, and days that have none left.
function show(place: HTMLElement, form: HTMLElement): void {
  const kinds = chosen();
  const events = all("[data-event]", place);
  for (const event of events) event.hidden = kinds.length > 0 && !kinds.includes(event.dataset.event!);
  for (const day of all(".days > li", place)) day.hidden = !one("[data-event]:not([hidden])", day);
  for (const box of all<HTMLInputElement>("input", form)) box.checked = kinds.includes(box.value);
  const left = events.filter((event) => !event.hidden).length;
  one("[role=status]", form)!.textContent = kinds.length ? `${left || "None"} of the ${events.length} events on this page` : "";
  for (const link of all<HTMLAnchorElement>(".pages a", place)) link.hash = kinds.length ? location.hash : "";
}

// narrowable lets the reader choose kinds of events.
export function narrowable(): void {
  const place = one("[data-timeline]");
  const form = place && one("form", place);
  if (!place || !form) return;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const choice = new URLSearchParams();
    for (const box of all<HTMLInputElement>("input:checked", form)) choice.append("kind", box.value);
    // An empty hash would scroll to the top; "#sp-main" does not, and means no choice.
    location.hash = choice.toString() || "sp-main";
  });
  addEventListener("hashchange", () => show(place, form));
  show(place, form);
}
