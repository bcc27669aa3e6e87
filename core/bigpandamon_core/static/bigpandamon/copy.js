// Copy a link, a text or the rows of a table, and say so on the button.

export function link(anchor) {
  return put(anchor.href, anchor);
}

export function text(button) {
  return put(document.getElementById(button.dataset.copyText).textContent, button);
}

export function table(button) {
  const rows = [...document.getElementById(button.dataset.copyTable).rows];
  const line = (row) => [...row.cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " ")).join("\t");
  return put(rows.map(line).join("\n"), button);
}

async function put(content, button) {
  try {
    await navigator.clipboard.writeText(content);
    say(button, "Copied");
  } catch {
    // no clipboard without https: a field to copy from by hand
    window.prompt("Copy with the keyboard:", content);
  }
}

function say(button, word) {
  const label = button.querySelector("span") ?? button;
  label.dataset.said ??= label.textContent;
  label.textContent = word;
  label.setAttribute("role", "status");
  setTimeout(() => { label.textContent = label.dataset.said; }, 1500);
}
