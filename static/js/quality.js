// What can be said of a picture before it is sent. A hint for the person, never a decision: the server looks again, by the same measures
// (verification/engines/quality.py), and with more of them.
const WIDTH = 640;
const UNIFORM = 6; // grey levels by which the picture varies
const DARK = 55;
const BRIGHT = 225;
const CLIPPED = 250;
const CELLS = 24;
const KINDS = {
  document: { longest: 480, strong: 40, edge: 0.2, glare: 0.005 },
  face: { longest: 320, strong: 25, edge: 0.14, glare: 0.12 },
};

function greyOf(source, width, height) {
  const columns = Math.min(WIDTH, width);
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = Math.max(1, Math.round((columns * height) / width));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Float32Array(canvas.width * canvas.height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  return { grey, columns: canvas.width, rows: canvas.height };
}

function lightOf(grey) {
  const mean = grey.reduce((sum, level) => sum + level, 0) / grey.length;
  const spread = Math.sqrt(grey.reduce((sum, level) => sum + (level - mean) ** 2, 0) / grey.length);
  return { mean, spread };
}

// The greatest (or least) level of nine pixels in a row: windows of 2, 4, 8 and 9.
function extreme(grey, columns, step, of) {
  const last = grey.length - 1;
  let found = grey;
  for (const by of [1, 2, 4, 1]) {
    const wider = new Float32Array(grey.length);
    for (let i = 0; i <= last; i += 1) wider[i] = of(found[i], found[Math.min(last, i + by * step)]);
    found = wider;
  }
  return found;
}

// How steep the steepest tenth of the edges is, against the difference of light around it: 0.5 is a step, 0.4 / s one blurred by s pixels.
function sharpness({ grey, columns, rows }, strong) {
  const around = (of) => extreme(extreme(grey, columns, 1, of), columns, columns, of);
  const most = around(Math.max);
  const least = around(Math.min);
  const steep = new Float32Array(grey.length);
  let count = 0;
  for (let y = 4; y < rows - 4; y += 1) {
    for (let x = 4; x < columns - 4; x += 1) {
      const i = y * columns + x;
      const span = most[i - 4 * columns - 4] - least[i - 4 * columns - 4];
      if (span < strong) continue;
      steep[count] = Math.sqrt((grey[i + 1] - grey[i - 1]) ** 2 + (grey[i + columns] - grey[i - columns]) ** 2) / 2 / span;
      count += 1;
    }
  }
  return count < 50 ? 0 : steep.subarray(0, count).sort()[Math.floor(0.9 * (count - 1))];
}

// The share of blown-out cells that hang together with no border: paper that lies over the border is no reflection.
function glare({ grey, columns, rows }) {
  const clipped = Array.from({ length: CELLS * CELLS }, (_, cell) => {
    const [left, top] = [Math.floor(((cell % CELLS) * columns) / CELLS), Math.floor((Math.floor(cell / CELLS) * rows) / CELLS)];
    let [bright, all] = [0, 0];
    for (let y = top; y < top + rows / CELLS && y < rows; y += 1) {
      for (let x = left; x < left + columns / CELLS && x < columns; x += 1) {
        all += 1;
        if (grey[y * columns + x] >= CLIPPED) bright += 1;
      }
    }
    return bright > 0.8 * all;
  });
  const border = (cell) => cell % CELLS === 0 || cell % CELLS === CELLS - 1 || cell < CELLS || cell >= CELLS * (CELLS - 1);
  const joined = clipped.flatMap((bright, cell) => (bright && border(cell) ? [cell] : []));
  while (joined.length) {
    const cell = joined.pop();
    if (!clipped[cell]) continue;
    clipped[cell] = false;
    joined.push(...[cell - CELLS, cell + CELLS, cell - 1, cell + 1].filter((next) => clipped[next]));
  }
  return clipped.filter(Boolean).length / clipped.length;
}

/** "small", "nothing", "dark", "bright", "blurred", "glare" or "good" for a video, image or canvas; `kind` is "document" or "face". */
export function quality(source, width, height, kind) {
  const limits = KINDS[kind];
  if (Math.max(width, height) < limits.longest) return "small";
  const picture = greyOf(source, width, height);
  const { mean, spread } = lightOf(picture.grey);
  if (spread < UNIFORM) return "nothing";
  if (mean < DARK && picture.grey.filter((level) => level > 2 * DARK).length < picture.grey.length / 20) return "dark";
  if (mean > BRIGHT && spread < 25) return "bright";
  if (sharpness(picture, limits.strong) < limits.edge) return "blurred";
  return glare(picture) > limits.glare ? "glare" : "good";
}

/** How sharp a face is, to choose the best of several: the greater, the sharper. */
export function sharpnessOf(source, width, height) {
  return sharpness(greyOf(source, width, height), KINDS.face.strong);
}
