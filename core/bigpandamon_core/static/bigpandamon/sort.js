// Sorts a table that is whole on the page, by data-v where a cell shows formatted text. Empty cells stay last.

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const absent = new Set(["", "–"]);

export function attach(table) {
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const label = head.querySelector("span");
    if (!label) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label.textContent;
    button.addEventListener("click", () => sort(table, head, column));
    label.replaceWith(button);
  }
}

function sort(table, head, column) {
  const descending = head.getAttribute("aria-sort") === "ascending";
  for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const value = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
  const rows = [...table.tBodies[0].rows].map((row) => [value(row), row]);
  const known = rows.filter(([text]) => !absent.has(text));
  known.sort(([left], [right]) => collator.compare(left, right) * (descending ? -1 : 1));
  table.tBodies[0].append(...[...known, ...rows.filter(([text]) => absent.has(text))].map(([, row]) => row));
}
