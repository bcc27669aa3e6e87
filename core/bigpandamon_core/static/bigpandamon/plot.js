// Replaces a drawn chart by one to zoom and to read with the cursor. The only module that knows uPlot.
// The library's address comes from the page: it is there only where `make assets` put it.

// a canvas does not understand light-dark(): let an element resolve the colour
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export async function attach(figure) {
  const [{ default: UPlot }] = await Promise.all([import(figure.dataset.plot), style(figure.dataset.plotStyle)]);
  const numbers = JSON.parse(figure.querySelector("script").textContent);
  const drawn = figure.querySelectorAll(".plot > svg");
  const height = drawn[1].getBoundingClientRect().height + drawn[2].getBoundingClientRect().height;
  const place = document.createElement("div");
  place.className = "canvas";
  place.title = "Drag to zoom, double-click to see everything";
  let plot = null;
  const draw = () => {
    plot?.destroy();
    plot = new UPlot(settings(figure, numbers, place.clientWidth, height), columns(numbers), place);
  };
  for (const part of drawn) part.classList.add("replaced");
  figure.querySelector(".plot").append(place);
  draw();
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height })).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

function style(href) {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return null;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((done) => { link.onload = link.onerror = done; });
}

function columns({ data, limit }) {
  return limit === null ? data : [...data, data[0].map(() => limit)];
}

function settings(figure, { labels, limit, dated }, width, height) {
  const lines = labels.map((label, index) => (
    { label, stroke: colour(`--series-${index % 8 + 1}`), width: 1.75, spanGaps: true, points: { show: false } }
  ));
  if (limit !== null) lines.push({ label: "limit", stroke: colour("--bad"), width: 1.5, dash: [5, 4], points: { show: false } });
  return {
    width, height, padding: [6, 0, 0, 0],
    tzDate: utc,
    legend: { show: false },
    cursor: { points: { size: 5 } },
    scales: { x: { time: dated }, y: { range: (_, __, highest) => [0, highest * 1.05 || 1] } },
    axes: [
      axis({ size: 21, gap: 3, space: 70, values: (_, ticks) => ticks.map(dated ? moment : passed) }),
      axis({ size: 46, values: (_, ticks) => ticks.map(short) }),
    ],
    series: [{}, ...lines],
    hooks: { setCursor: [(plot) => tell(figure, plot)] },
  };
}

function axis(own) {
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  return { stroke: colour("--faint"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, ...own };
}

// uPlot reads local fields of the dates it is given: shift them so that they tell UTC
function utc(seconds) {
  const moment = new Date(seconds * 1000);
  return new Date(moment.getTime() + moment.getTimezoneOffset() * 60_000);
}

const date = Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const time = Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const moment = (seconds) => (seconds % 86400 ? time : date).format(seconds * 1000);
const passed = (seconds) => `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}`;
const short = (value) => Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 }).format(value);

function tell(figure, plot) {
  const at = plot.cursor.idx;
  for (const [index, output] of figure.querySelectorAll(".key output").entries()) {
    const value = at === null || at === undefined ? null : plot.data[index + 1][at];
    output.textContent = value === null || value === undefined ? "" : short(value);
  }
}
