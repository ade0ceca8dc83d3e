// A picture opened large: bigger, smaller, fitted, turned, moved by scrolling or the arrow keys. Without this script the
// link opens the picture itself.
const STEPS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];

class Zoom {
  constructor(template) {
    this.dialog = template.content.firstElementChild.cloneNode(true);
    this.image = this.dialog.querySelector("img");
    this.stage = this.dialog.querySelector(".zoom-stage");
    this.output = this.dialog.querySelector("output");
    this.dialog.addEventListener("click", (event) => this.pressed(event));
    this.dialog.addEventListener("keydown", (event) => this.typed(event));
    this.image.addEventListener("load", () => this.fit());
    document.body.append(this.dialog);
  }

  open(link) {
    const small = link.querySelector("img");
    this.turns = 0;
    this.image.alt = small.alt;
    this.image.src = link.href;
    this.dialog.setAttribute("aria-label", small.alt);
    this.dialog.showModal();
  }

  fit() {
    const [width, height] = this.size();
    this.scaleTo(Math.min((this.stage.clientWidth - 24) / width, (this.stage.clientHeight - 24) / height, 1));
  }

  size() {
    const { naturalWidth: width, naturalHeight: height } = this.image;
    return this.turns % 2 ? [height, width] : [width, height];
  }

  scaleTo(scale) {
    this.scale = scale;
    const { naturalWidth: width, naturalHeight: height } = this.image;
    const shift = this.turns % 2 ? ((width - height) * scale) / 2 : 0;
    Object.assign(this.image.style, {
      width: `${width * scale}px`,
      height: `${height * scale}px`,
      margin: `${shift}px ${-shift}px`,
      transform: `rotate(${this.turns * 90}deg)`,
    });
    this.output.textContent = `${Math.round(scale * 100)} %`;
  }

  step(direction) {
    const steps = direction > 0 ? STEPS : [...STEPS].reverse();
    this.scaleTo(steps.find((step) => (step - this.scale) * direction > 0.01) ?? this.scale);
  }

  turn() {
    this.turns = (this.turns + 1) % 4;
    this.fit();
  }

  act(name) {
    const actions = { in: () => this.step(1), out: () => this.step(-1), fit: () => this.fit(), turn: () => this.turn() };
    if (name === "close") this.dialog.close();
    else actions[name]?.();
  }

  pressed(event) {
    if (event.target === this.dialog) this.dialog.close();
    this.act(event.target.closest("[data-zoom-do]")?.dataset.zoomDo);
  }

  typed(event) {
    const keys = { "+": "in", "=": "in", "-": "out", 0: "fit", r: "turn" };
    if (!event.ctrlKey && !event.metaKey && !event.altKey) this.act(keys[event.key]);
  }
}

let zoom = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-zoom]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  zoom ??= new Zoom(document.querySelector("template[data-zoom-dialog]"));
  zoom.open(link);
});
