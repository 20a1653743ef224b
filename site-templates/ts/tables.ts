// Tables that sort by a click on a heading, each group of rows by itself.

import { all, el } from "./dom";

// order compares two cells: numbers as numbers, dates as dates, empty ones last.
function order(a: string, b: string, numeric: boolean, down: boolean): number {
  if (!a || !b) return Number(!a) - Number(!b);
  const sign = down ? -1 : 1;
  return sign * (numeric ? parseFloat(a) - parseFloat(b) : a.localeCompare(b, "en", { numeric: true }));
}

function text(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column];
  return cell?.querySelector("time")?.dateTime ?? cell?.querySelector(".name, a, bdi")?.textContent ?? cell?.textContent?.trim() ?? "";
}

function sortRows(table: HTMLTableElement, column: number, numeric: boolean, down: boolean): void {
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter((row) => !row.matches(".group, .more"));
    rows.sort((a, b) => order(text(a, column), text(b, column), numeric, down));
    const last = body.querySelector(".more");
    for (const row of rows) body.insertBefore(row, last);
  }
}

// A table may be sorted by another script, which knows more rows than are shown. It
// hears this event and cancels it.
export interface Sorting {
  key: string;
  down: boolean;
}

// mark shows on the headings by which column a table is sorted.
export function mark(table: HTMLTableElement, column: number, down: boolean): void {
  const headings = table.tHead?.rows[0]?.cells ?? [];
  for (const [i, heading] of [...headings].entries()) {
    if (i === column) heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    else heading.removeAttribute("aria-sort");
  }
}

function click(table: HTMLTableElement, heading: HTMLTableCellElement): void {
  const down = heading.getAttribute("aria-sort") === "ascending";
  const detail: Sorting = { key: heading.dataset.key ?? "", down };
  const ours = table.dispatchEvent(new CustomEvent("sp-sort", { detail, cancelable: true }));
  if (!ours) return;
  mark(table, heading.cellIndex, down);
  sortRows(table, heading.cellIndex, heading.hasAttribute("data-numeric"), down);
}

// sortable puts a button into each heading of the page's sortable tables.
export function sortable(): void {
  for (const table of all<HTMLTableElement>("table[data-sort]")) {
    if (table.querySelectorAll("tbody tr:not(.group, .more)").length < 2) continue;
    for (const heading of table.tHead?.rows[0]?.cells ?? []) {
      if (heading.querySelector("button")) continue;
      const button = el("button", { type: "button" }, ...heading.childNodes);
      button.addEventListener("click", () => click(table, heading));
      heading.append(button);
    }
  }
}

// centre scrolls a drawing to what it is about: its sides are what a small screen cuts
// off, alike on both, and a line below says so.
function centre(box: HTMLElement, focus: Element): void {
  const [at, within] = [focus.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollLeft += at.left + at.width / 2 - within.left - within.width / 2;
  box.after(el("p", { class: "quiet small" }, "Scroll sideways for the whole drawing."));
}

// reachable lets the keyboard scroll what is wider than its place.
export function reachable(): void {
  for (const box of all(".scroll")) {
    if (box.scrollWidth <= box.clientWidth || box.hasAttribute("tabindex")) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.closest("section")?.querySelector("h2")?.firstChild?.textContent?.trim() ?? "Table");
    const focus = box.querySelector(".dg-focus rect");
    if (focus) centre(box, focus);
  }
}
