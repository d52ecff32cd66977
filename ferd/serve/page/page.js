// Takes a photo from a file, a drop, the camera or the samples, and sends it to the server.

import { drawFaces, show } from "/results.js";

const element = (id) => document.getElementById(id);

let asking = null; // AbortController of the request under way
let limits = null; // the server's limits

async function ask(file) {
  asking?.abort();
  const mine = (asking = new AbortController());
  begin();
  try {
    const answer = await post(file, mine.signal);
    if (mine === asking) end(await show(file, answer));
  } catch (error) {
    if (mine === asking) fail(error.message);
  }
}

async function post(file, signal) {
  limits ??= (await (await fetch("/healthz", { signal })).json()).limits;
  if (file.size > limits.max_bytes) {
    throw new Error(`the file has more than the ${limits.max_bytes.toLocaleString("en")} bytes allowed`);
  }
  const form = new FormData();
  form.append("photo", file);
  const response = await fetch("/predict?explain=1", { method: "POST", body: form, signal });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function begin() {
  element("error").hidden = true;
  element("status").textContent = "Detecting faces…";
  document.querySelector(".answer").classList.add("busy");
  // On a narrow screen the result is below the clicked button.
  element("answer-title").scrollIntoView({ block: "nearest" });
}

function end(line) {
  element("status").textContent = line;
  document.querySelector(".answer").classList.remove("busy");
}

function fail(reason) {
  end("");
  element("result").hidden = true;
  element("error").textContent = reason.charAt(0).toUpperCase() + reason.slice(1) + ".";
  element("error").hidden = false;
}

function takeFiles(files) {
  if (files.length > 1) fail("choose one photo at a time");
  else if (files.length === 1) ask(files[0]);
}

function allowDrops() {
  const drop = element("drop");
  // On the whole page: a photo dropped beside the frame would otherwise replace the page.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    takeFiles(event.dataTransfer.files);
  });
}

async function startCamera() {
  try {
    element("video").srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
    element("camera-box").hidden = false;
    element("shoot").focus();
  } catch (error) {
    fail(`the camera cannot be used (${error.message || error.name})`);
  }
}

function stopCamera() {
  element("video").srcObject?.getTracks().forEach((track) => track.stop());
  element("video").srcObject = null;
  element("camera-box").hidden = true;
  element("camera").focus();
}

function shoot() {
  const video = element("video");
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  canvas.toBlob((blob) => (blob ? ask(blob) : fail("the camera shows nothing yet")), "image/png");
}

async function askSample(event) {
  const image = event.target.closest("button")?.querySelector("img");
  if (!image) return;
  try {
    ask(await (await fetch(image.src)).blob());
  } catch (error) {
    fail(error.message);
  }
}

element("file").addEventListener("change", (event) => {
  takeFiles(event.target.files);
  // So that the same file can be chosen again.
  event.target.value = "";
});
element("camera").addEventListener("click", startCamera);
element("stop").addEventListener("click", stopCamera);
element("shoot").addEventListener("click", shoot);
element("samples").addEventListener("click", askSample);
element("show-map").addEventListener("change", drawFaces);
allowDrops();
