// Keeps "12 s ago" true while a page stays open.

const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

export function refresh(root = document) {
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    time.textContent = `${told(seconds)}\u00a0ago`;
  }
}

export function told(seconds) {
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? units.at(-1);
  return `${Math.floor(seconds / length)}\u00a0${unit}`;
}
