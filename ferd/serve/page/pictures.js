// Draws on canvases: the photo with its boxes, and a face with its occlusion map.

const LONGEST = 1200;
const GRAY = "#808080";
const FOR = [255, 110, 0];
const AGAINST = [40, 120, 255];
const STRONGEST = 170; // opacity of the map's strongest cell, of 255

/**
 * Decodes the photo for showing.
 *
 * @param {Blob} file The photo.
 * @param {{width: number, height: number}} size The upright photo's size by the server.
 * @returns {Promise<ImageBitmap|null>} null if the browser cannot decode it, or rotates it differently
 *   from the server, so that boxes would be in wrong places.
 */
export async function decode(file, size) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  const fits = (scale) =>
    Math.ceil(bitmap.width / scale) === size.width && Math.ceil(bitmap.height / scale) === size.height;
  if (!bitmap || fits(1)) return bitmap;
  // The server reads a very large JPEG at a part of its size.
  const smaller = { resizeWidth: size.width, resizeHeight: size.height };
  return [2, 4, 8].some(fits) ? createImageBitmap(bitmap, smaller) : null;
}

/** Draws the photo, or plain gray where it is null, with a numbered box for each face. */
export function drawPhoto(canvas, bitmap, answer) {
  const { width, height } = answer.size;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  fill(context, bitmap, [0, 0, width, height]);
  answer.faces.forEach((face, number) => drawBox(context, face, number + 1, scale));
}

function drawBox(context, face, number, scale) {
  const { left, top, right, bottom } = face.box;
  const text = `${number} ${face.label}`;
  const thick = Math.max(2, Math.round(Math.max(context.canvas.width, context.canvas.height) / 250));
  const height = 8 * thick;
  context.font = `600 ${6 * thick}px system-ui, sans-serif`;
  for (const [colour, width] of [["#000", 2 * thick], ["#ffd400", thick]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.strokeRect(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale);
  }
  const wide = context.measureText(text).width + 4 * thick;
  const x = Math.max(0, Math.min(left * scale, context.canvas.width - wide));
  const y = Math.max(0, top * scale - height);
  context.fillStyle = "#ffd400";
  context.fillRect(x, y, wide, height);
  context.fillStyle = "#000";
  context.textBaseline = "middle";
  context.fillText(text, x + 2 * thick, y + height / 2);
}

/** Draws a face in gray, as the network gets it, and its map over it if there is one. */
export function drawFace(canvas, bitmap, face, map) {
  const { left, top, right, bottom } = face.seen;
  const context = canvas.getContext("2d");
  context.filter = "grayscale(1)";
  fill(context, bitmap, [left, top, right - left, bottom - top]);
  context.filter = "none";
  if (map) {
    context.imageSmoothingQuality = "high";
    context.drawImage(heat(map), 0, 0, canvas.width, canvas.height);
  }
}

function fill(context, bitmap, part) {
  const { width, height } = context.canvas;
  context.fillStyle = GRAY;
  context.fillRect(0, 0, width, height);
  if (bitmap) context.drawImage(bitmap, ...part, 0, 0, width, height);
}

/** The map as a picture of one pixel a cell: warm above 0, cool below, clear at 0. */
function heat(map) {
  const canvas = new OffscreenCanvas(map[0].length, map.length);
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  const strongest = Math.max(...map.flat().map(Math.abs), Number.MIN_VALUE);
  map.flat().forEach((value, index) => {
    const colour = value > 0 ? FOR : AGAINST;
    picture.data.set([...colour, (STRONGEST * Math.abs(value)) / strongest], 4 * index);
  });
  context.putImageData(picture, 0, 0);
  return canvas;
}
