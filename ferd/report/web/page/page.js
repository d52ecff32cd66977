"use strict";
// Every table's head becomes buttons that sort its rows; without this script the tables are complete.
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.querySelectorAll("thead th")];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table.tBodies[0], column, down ? -1 : 1);
    });
    head.replaceChildren(button);
  });
}

function sort(body, column, direction) {
  const rows = [...body.rows].map((row) => [valueOf(row.cells[column].textContent), row]);
  // Empty cells stay last in either direction.
  rows.sort(([first], [second]) => {
    if (first === "" || second === "") return (first === "") - (second === "");
    const numbers = typeof first === "number" && typeof second === "number";
    const order = numbers ? first - second : String(first).localeCompare(String(second));
    return direction * order;
  });
  body.append(...rows.map(([, row]) => row));
}

// The number that a cell begins with ("0.67 (0.65-0.69)", "+1.24", "5,334"), or else its text.
function valueOf(text) {
  const found = text.trim().match(/^[+-]?\d[\d,]*(\.\d+)?/);
  return found ? Number(found[0].replaceAll(",", "")) : text.trim();
}
