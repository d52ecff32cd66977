// Shows a prediction: a line, the photo with boxes, and for each face bars and a map.

import { decode, drawFace, drawPhoto } from "/pictures.js";

const FACE_SIDE = 288; // pixels of a face's canvas, twice what it takes on the page
const element = (id) => document.getElementById(id);
const percent = (value) => `${(100 * value).toFixed(1)}%`;

let shown = null; // {answer, bitmap} of the photo on the page

/**
 * Shows the server's prediction for a photo.
 *
 * @param {Blob} file The photo.
 * @param {object} answer The JSON of POST /predict.
 */
export async function show(file, answer) {
  const bitmap = await decode(file, answer.size);
  shown?.bitmap?.close();
  shown = { answer, bitmap };
  drawPhoto(element("photo"), bitmap, answer);
  element("photo").setAttribute("aria-label", describe(answer));
  element("unseen").hidden = bitmap !== null;
  element("map-choice").hidden = answer.faces.length === 0;
  element("faces").replaceChildren(...answer.faces.map(card));
  drawFaces();
  element("result").hidden = false;
  const notes = answer.notes.map((note) => `The photo ${note}.`);
  return [answer.message ?? describe(answer), ...notes].join(" ");
}

/** Draws the faces again, with or without maps, as the checkbox is set. */
export function drawFaces() {
  const wanted = element("show-map").checked;
  shown?.answer.faces.forEach((face, number) => {
    const map = wanted ? face.occlusion : null;
    drawFace(element(`face-${number}`), shown.bitmap, face, map);
  });
}

function describe(answer) {
  const labels = answer.faces.map((face) => `${face.label} (${percent(face.confidence)})`);
  if (labels.length === 0) return "No face in this photo.";
  return labels.length === 1 ? `One face: ${labels[0]}.` : `${labels.length} faces: ${labels.join(", ")}.`;
}

function card(face, number) {
  const item = make("li");
  const canvas = make("canvas", { id: `face-${number}`, width: FACE_SIDE, height: FACE_SIDE });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Face ${number + 1} in gray. ${inWords(face.occlusion)}`);
  const text = make("div");
  const title = make("h3", { textContent: `${number + 1}: ${face.label}, ${percent(face.confidence)}` });
  text.append(title, bars(face));
  text.append(make("small", { className: "words", textContent: inWords(face.occlusion) }));
  item.append(canvas, text);
  return item;
}

function bars(face) {
  const list = make("dl");
  for (const [label, value] of Object.entries(face.probabilities)) {
    const best = label === face.label ? "best" : "";
    const bar = make("dd", { className: `bar ${best}` });
    const length = make("div");
    length.style.width = percent(value);
    bar.setAttribute("aria-hidden", "true");
    bar.append(length);
    const share = make("dd", { className: `share ${best}`, textContent: percent(value) });
    list.append(make("dt", { className: best, textContent: label }), bar, share);
  }
  return list;
}

/** The map in words: the part that matters most, and the loss of probability without it. */
function inWords(map) {
  if (!map) return "Only the largest faces have a map.";
  const values = map.flat();
  const most = Math.max(...values);
  const place = values.indexOf(most);
  if (most <= 0) return "No covered part lowers the probability.";
  const third = (index, names) => names[Math.floor((3 * index) / map.length)];
  const row = third(Math.floor(place / map.length), ["upper", "middle", "lower"]);
  const column = third(place % map.length, ["left", "centre", "right"]);
  const points = (100 * most).toFixed(1);
  return `The ${row} ${column} matters most: covering it lowers the probability by ${points} points.`;
}

function make(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
