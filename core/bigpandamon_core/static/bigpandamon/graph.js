// Draws what comes after what. The only module that knows dagre, which says where nodes stand and lines run.
// The library's address comes from the page: it is there only where `make assets` put it.

const SVG = "http://www.w3.org/2000/svg";
const LINE = 16, PADDING = 8, NARROW = 640;

export async function attach(figure) {
  const { default: dagre } = await import(figure.dataset.graph);
  const { nodes, edges } = JSON.parse(figure.querySelector("script").textContent);
  const region = figure.querySelector("[role=region]");
  const drawing = element("svg", { role: "group", "aria-label": region.getAttribute("aria-label") });
  region.replaceChildren(drawing);
  const direction = region.clientWidth < NARROW ? "TB" : "LR";
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: direction, nodesep: 14, ranksep: 34, marginx: 2, marginy: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  const drawn = new Map(nodes.map((node) => [node.name, box(node, drawing)]));
  for (const [name, { width, height }] of drawn) graph.setNode(name, { width, height });
  for (const [before, after] of edges) graph.setEdge(before, after);
  dagre.layout(graph);
  for (const [before, after, marked] of edges) drawing.prepend(line(graph.edge(before, after).points, marked));
  drawing.prepend(arrow());
  for (const [name, { shape, width, height }] of drawn) {
    const { x, y } = graph.node(name);
    shape.setAttribute("transform", `translate(${Math.round(x - width / 2)} ${Math.round(y - height / 2)})`);
  }
  const { width, height } = graph.graph();
  for (const [name, value] of Object.entries({ width, height })) drawing.setAttribute(name, Math.ceil(value));
}

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

// how wide a text is, only a drawing on the page knows
function box({ text, note, group, url }, drawing) {
  const shape = url ? element("a", { href: url }) : element("g", {});
  shape.setAttribute("class", `node ${group}`);
  const lines = [text, note].filter(Boolean).map((words, place) => (
    element("text", { x: PADDING, y: PADDING + LINE * (place + 0.72), class: place ? "note" : "name" }, words)
  ));
  shape.append(...lines);
  drawing.append(shape);
  const width = Math.ceil(Math.max(...lines.map((one) => one.getComputedTextLength())) + 2 * PADDING);
  const height = lines.length * LINE + 2 * PADDING;
  shape.prepend(element("rect", { width, height, rx: 4 }));
  return { shape, width, height };
}

// straight at both ends, round in between
function line([first, ...others], marked) {
  const path = [`M${at(first)}`];
  others.slice(0, -1).forEach((point, place) => {
    const next = others[place + 1], last = place === others.length - 2;
    const end = last ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    path.push(`Q${at(point)} ${at(end)}`);
  });
  if (others.length === 1) path.push(`L${at(others[0])}`);
  return element("path", { class: marked ? "edge marked" : "edge", d: path.join(""), "marker-end": "url(#arrow)" });
}

const at = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;

function arrow() {
  const head = element("path", { d: "M0 0 8 4 0 8z" });
  return element("defs", {}, element("marker", {
    id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto",
    markerUnits: "userSpaceOnUse",
  }, head));
}
