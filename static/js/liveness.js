// Records a person who follows a challenge: frames with their time and phase, and the selfie, into the form around it.
import { openCamera, refusal } from "./camera_stream.js";
import { packed } from "./liveness_pack.js";
import { sharpnessOf } from "./quality.js";

const LONGEST = 480;
const SELFIE_LONGEST = 2000;
const EVERY_MS = 125;
const MOST_FRAMES = 190;
const SELFIES = 4;
const LARGE = 56 * 1024;
const BUDGET = 5.5 * 1024 * 1024;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

class Liveness {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.prompt = root.querySelector(".liveness-prompt");
    this.progress = root.querySelector("progress");
    this.status = root.querySelector(".camera-status");
    this.slow = root.querySelector("[data-liveness-slow]");
    root.addEventListener("click", (event) => this.act(event.target.closest("[data-liveness-do]")?.dataset.livenessDo));
    document.addEventListener("visibilitychange", () => document.hidden && this.interrupt());
    window.addEventListener("pagehide", () => this.interrupt());
    root.closest("form")?.addEventListener("submit", (event) => this.sending(event));
    this.enter("before");
  }

  enter(state) {
    this.root.dataset.state = state;
    const button = this.root.querySelector("[data-liveness-do=start]");
    button.classList.toggle("btn-primary", state !== "done");
    button.classList.toggle("btn-outline-secondary", state === "done");
  }

  sending(event) {
    if (this.root.dataset.state === "done") return;
    event.preventDefault();
    if (this.busy) return;
    this.say("first");
    this.root.querySelector("[data-liveness-do=start]").focus();
  }

  act(name) {
    if (name === "start") this.start();
    if (name === "stop") this.interrupt("stopped");
  }

  say(key, told = "") {
    const text = told || (this.root.dataset[`say${key[0].toUpperCase()}${key.slice(1)}`] ?? "");
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  async start() {
    if (this.busy) return;
    this.busy = true;
    this.clear();
    this.say("starting");
    if (!(await this.draw())) return;
    try {
      this.stream = await openCamera("user");
    } catch (error) {
      this.end("before", refusal(error));
      return;
    }
    const [track] = this.stream.getVideoTracks();
    track.addEventListener("ended", () => this.interrupt());
    this.label = track.label;
    this.video.srcObject = this.stream;
    this.enter("recording");
    try {
      await this.video.play();
    } catch {
      this.interrupt();
      return;
    }
    this.say("recording");
    this.root.querySelector("[data-liveness-do=stop]").focus({ preventScroll: true });
    this.root.querySelector(".liveness-stage").scrollIntoView({ block: "nearest" });
    this.run();
  }

  /** Asks the server for movements nobody could have prepared for, only now that the person begins. */
  async draw() {
    this.pace = this.slow.checked ? "slow" : "normal";
    const body = new URLSearchParams({ pace: this.pace });
    const headers = { "X-CSRFToken": this.root.closest("form").elements.csrfmiddlewaretoken.value };
    try {
      const answer = await fetch(this.root.dataset.draw, { method: "POST", body, headers, redirect: "error" });
      const told = await answer.json();
      if (answer.ok) {
        this.challenge = told;
        return true;
      }
      this.end("before", "notDrawn", told.detail);
    } catch {
      this.end("before", "notDrawn");
    }
    return false;
  }

  run() {
    const pace = this.pace === "slow" ? 2 : 1;
    this.phases = phasesOf(this.challenge);
    this.total = this.phases.at(-1).end;
    this.every = Math.max(EVERY_MS, Math.ceil(this.total / MOST_FRAMES));
    this.ready = Number(this.root.dataset.ready) * pace;
    this.frames = [];
    this.bytes = 0;
    this.best = { sharpness: -1, canvas: null };
    this.began = performance.now() + this.ready;
    this.next = 0;
    this.shown = null;
    this.show(null);
    this.timer = setInterval(() => this.tick(), 25);
  }

  tick() {
    if (!this.root.isConnected) {
      this.stop();
      return;
    }
    const at = performance.now() - this.began;
    this.progress.value = Math.max(0, Math.min(1, at / this.total));
    if (at < 0) return;
    if (at >= this.total) {
      clearInterval(this.timer);
      this.finish();
      return;
    }
    const phase = this.phases.findIndex((one) => at < one.end);
    if (phase !== this.phase) this.show(phase);
    if (at >= this.next) this.capture(at, phase);
  }

  show(phase) {
    this.phase = phase;
    const action = phase === null ? "ready" : (this.phases[phase].action ?? "straight");
    if (action === this.shown) return;
    this.shown = action;
    this.root.dataset.shows = action;
    this.prompt.textContent = this.root.querySelector(`[data-liveness-text="${action}"]`).textContent.trim();
    if (phase && !CALM.matches) navigator.vibrate?.(60);
  }

  capture(at, phase) {
    this.next = Math.max(this.next + this.every, at + this.every / 2);
    if (!this.video.videoWidth) return;
    if (phase === 0) this.consider(at);
    const canvas = drawn(this.video, LONGEST);
    const frame = { ms: Math.round(at), phase, jpeg: null };
    this.frames.push(frame);
    frame.wait = this.encoded(canvas, this.bytes > (BUDGET * at) / this.total ? 0.6 : 0.8).then((blob) => {
      frame.jpeg = blob;
      this.bytes += blob?.size ?? 0;
    });
  }

  async encoded(canvas, quality) {
    const blob = await blobOf(canvas, quality);
    return blob && blob.size > LARGE ? blobOf(canvas, 0.45) : blob;
  }

  consider(at) {
    // Not the very beginning: the person may still be moving into the oval.
    const lead = this.phases[0].end;
    if (at < lead * 0.3 || this.tried >= SELFIES || at < (this.looked ?? 0) + lead / 8) return;
    this.looked = at;
    this.tried = (this.tried ?? 0) + 1;
    const sharpness = sharpnessOf(this.video, this.video.videoWidth, this.video.videoHeight);
    if (sharpness > this.best.sharpness) this.best = { sharpness, canvas: drawn(this.video, SELFIE_LONGEST) };
  }

  async finish() {
    const run = this.began;
    this.stop();
    await Promise.all(this.frames.map((frame) => frame.wait));
    const [recording, selfie] = await Promise.all([packed(this.frames.filter((frame) => frame.jpeg)), blobOf(this.best.canvas, 0.92)]);
    if (run !== this.began || !selfie) {
      this.interrupt();
      return;
    }
    this.put("recording", new File([recording], "recording.vhl", { type: "application/octet-stream" }));
    this.put("picture", new File([selfie], "picture.jpg", { type: "image/jpeg" }));
    this.field("picture_channel").value = "camera";
    this.field("nonce").value = this.challenge.nonce;
    this.field("camera").value = this.label;
    const shot = this.root.querySelector(".camera-shot");
    URL.revokeObjectURL(shot.src);
    shot.src = URL.createObjectURL(selfie);
    this.end("done", "done");
    this.root.dispatchEvent(new CustomEvent("liveness:done", { bubbles: true }));
  }

  field(name) {
    return this.root.querySelector(`[name="${name}"]`);
  }

  put(name, file) {
    const files = new DataTransfer();
    files.items.add(file);
    this.field(name).files = files.files;
  }

  clear() {
    for (const name of ["recording", "picture", "picture_channel", "nonce", "camera"]) this.field(name).value = "";
    this.tried = 0;
    this.looked = 0;
  }

  stop() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  interrupt(why = "interrupted") {
    if (!this.busy) return;
    this.end("before", why);
  }

  end(state, said, told = "") {
    this.stop();
    this.busy = false;
    this.began = null;
    this.enter(state);
    delete this.root.dataset.shows;
    this.prompt.textContent = "";
    this.say(said, told);
    this.root.querySelector("[data-liveness-do=start]").focus({ preventScroll: true });
  }
}

function phasesOf(challenge) {
  const parts = [[challenge.lead_ms, null], ...challenge.moves.flatMap((move) => [[move.ms, move.action], [move.rest_ms, null]])];
  let start = 0;
  return parts.map(([ms, action]) => {
    const end = start + ms;
    const phase = { start, end, action };
    start = end;
    return phase;
  });
}

function drawn(video, longest) {
  const scale = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  // Never the mirror that the person sees: left and right are judged.
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function blobOf(canvas, quality) {
  return new Promise((resolve) => (canvas ? canvas.toBlob(resolve, "image/jpeg", quality) : resolve(null)));
}

function setUp() {
  for (const root of document.querySelectorAll("[data-liveness]:not([data-state])")) new Liveness(root);
}

document.addEventListener("htmx:after:swap", setUp);
setUp();
