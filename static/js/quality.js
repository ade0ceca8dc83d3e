// What can be said about a picture before it is sent: its mean brightness, and its sharpness as the variance of the
// Laplacian. Measured on a small grey copy; a hint for the person, never a decision.
const WIDTH = 240;
const DARK = 55;
const BRIGHT = 215;
const BLURRED = 45;

function greyOf(source, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = Math.max(1, Math.round((WIDTH * height) / width));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Float32Array(canvas.width * canvas.height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  return { grey, columns: canvas.width, rows: canvas.height };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sharpness({ grey, columns, rows }) {
  const edges = [];
  for (let y = 1; y < rows - 1; y += 1) {
    for (let x = 1; x < columns - 1; x += 1) {
      const i = y * columns + x;
      edges.push(4 * grey[i] - grey[i - 1] - grey[i + 1] - grey[i - columns] - grey[i + columns]);
    }
  }
  const middle = mean(edges);
  return mean(edges.map((edge) => (edge - middle) ** 2));
}

/** "dark", "bright", "blurred" or "good" for a video, image or canvas of the given size. */
export function quality(source, width, height) {
  const picture = greyOf(source, width, height);
  const light = mean(picture.grey);
  if (light < DARK) return "dark";
  if (light > BRIGHT) return "bright";
  return sharpness(picture) < BLURRED ? "blurred" : "good";
}

/** The variance of the Laplacian: the greater, the sharper. */
export function sharpnessOf(source, width, height) {
  return sharpness(greyOf(source, width, height));
}
