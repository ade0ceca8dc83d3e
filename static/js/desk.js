// Pictures side by side: enlarged together and, if wished, moved together. Without this script each opens by itself.
const STEPS = [1, 1.5, 2, 3, 4, 6];

class Compare {
  constructor(root) {
    this.panes = [...root.querySelectorAll("[data-pane]")];
    this.bar = root.querySelector("[data-compare-bar]");
    this.output = this.bar.querySelector("output");
    this.together = this.bar.querySelector("[data-compare-sync]");
    this.scale = 1;
    this.bar.hidden = this.panes.length < 2;
    this.bar.addEventListener("click", (event) => this.act(event.target.closest("[data-compare-do]")?.dataset.compareDo));
    for (const pane of this.panes) pane.addEventListener("scroll", () => this.moved(pane));
  }

  act(name) {
    const bigger = STEPS.find((step) => step > this.scale) ?? this.scale;
    const smaller = [...STEPS].reverse().find((step) => step < this.scale) ?? this.scale;
    const scale = { in: bigger, out: smaller, fit: 1 }[name];
    if (scale) this.scaleTo(scale);
  }

  scaleTo(scale) {
    const middles = this.panes.map((pane) => place(pane, 0.5));
    this.scale = scale;
    this.output.textContent = `${Math.round(scale * 100)} %`;
    this.panes.forEach((pane, index) => {
      pane.style.setProperty("--scale", scale);
      put(pane, middles[index], 0.5);
    });
  }

  // A pane moved by this script reports its own scrolling too: only the one under the pointer or the focus leads.
  moved(pane) {
    if (!this.together.checked || !pane.matches(":hover, :focus-within")) return;
    const where = place(pane, 0.5);
    for (const other of this.panes) if (other !== pane) put(other, where, 0.5);
  }
}

function place(pane, share) {
  return [(pane.scrollLeft + pane.clientWidth * share) / pane.scrollWidth, (pane.scrollTop + pane.clientHeight * share) / pane.scrollHeight];
}

function put(pane, [x, y], share) {
  pane.scrollLeft = x * pane.scrollWidth - pane.clientWidth * share;
  pane.scrollTop = y * pane.scrollHeight - pane.clientHeight * share;
}

for (const root of document.querySelectorAll("[data-compare]")) new Compare(root);
