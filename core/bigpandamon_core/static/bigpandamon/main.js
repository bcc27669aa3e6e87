// The only script a page loads. A behaviour is fetched when it is first needed, one file each;
// without any of them every page still shows and links everything.

const root = document.documentElement;
root.classList.add("scripted");

const chosen = document.cookie.match(/(?:^|; )bigpandamon_theme=(light|dark)/);
if (chosen) root.dataset.theme = chosen[1];

// a page may come from a cache, the same for everybody: who is signed in is asked for, if somebody is
const who = document.querySelector("[data-who]");
if (who && /(?:^|; )bigpandamon_signed_in=1/.test(document.cookie)) import("./who.js").then(({ tell }) => tell(who));

// where the navigation scrolls, what is open is in sight
for (const nav of document.querySelectorAll(".nav.scroll")) {
  const open = nav.querySelector("[aria-current]");
  if (open) nav.scrollLeft += open.getBoundingClientRect().left - nav.getBoundingClientRect().left - nav.clientWidth / 3;
}

const onClick = [
  ["[data-copy]", () => import("./copy.js"), (copy, link) => copy.link(link)],
  ["[data-copy-text]", () => import("./copy.js"), (copy, button) => copy.text(button)],
  ["[data-copy-table]", () => import("./copy.js"), (copy, button) => copy.table(button)],
  ["[data-theme-switch]", () => import("./theme.js"), (theme, button) => theme.next(button)],
  ["[data-help]", () => import("./keys.js"), (keys) => keys.help()],
];

document.addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  for (const [selector, load, run] of onClick) {
    const element = event.target.closest(selector);
    if (element) {
      event.preventDefault();
      run(await load(), element);
    }
  }
});

// the field of a new condition is the name of its value, which requests about records decode once more
document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[data-condition]")) return;
  const text = target.querySelector("[type=text]");
  text.name = target.querySelector("select").value;
  if (target.dataset.condition) text.value = text.value.replace(/[%+]/g, encodeURIComponent);
});

// what drops down goes away again
document.addEventListener("click", ({ target }) => {
  for (const open of document.querySelectorAll("details.drop[open]")) open.open = open.contains(target);
});

// what a dialog held keeps the focus for a moment after it was closed
const typing = (target) =>
  target.closest?.("input, textarea, select, [contenteditable], dialog")?.checkVisibility();

let pressed = Promise.resolve(); // of keys pressed in quick succession the first counts first

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!/^[a-z/?]$/.test(event.key) || localStorage.getItem("bigpandamon-keys") === "off") return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("find")?.select(); // at once: what is typed next belongs there
    return;
  }
  pressed = pressed.then(() => import("./keys.js")).then((keys) => keys.press(event.key));
});

const inView = [
  ["figure[data-plot]", () => import("./plot.js")],
  ["figure[data-graph]", () => import("./graph.js")],
  ["table[data-sort]", () => import("./sort.js")],
];

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    const [, load] = inView.find(([selector]) => target.matches(selector));
    load().then((behaviour) => behaviour.attach(target));
  }
});
for (const [selector] of inView) {
  for (const element of document.querySelectorAll(selector)) seen.observe(element);
}

// a page may come from a cache and stay open: only the browser knows how old it is
const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

function tellAges() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    const [unit, length] = units.find(([, length]) => seconds >= length) ?? units.at(-1);
    time.textContent = `${Math.floor(seconds / length)}\u00a0${unit}\u00a0ago`;
  }
}

tellAges();
setInterval(tellAges, 30_000);
