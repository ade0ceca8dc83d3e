// Takes a picture with the camera and puts it into the file field beside it. The upload always stays possible.
import { openCamera, refusal } from "./camera_stream.js";
import { quality } from "./quality.js";

const LONGEST = 2000;
const LOOK_EVERY = 900;
const MOST_BYTES = 10 * 1024 * 1024;

class Camera {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".camera-stage");
    this.video = root.querySelector("video");
    this.shot = root.querySelector(".camera-shot");
    this.status = root.querySelector("[role=status]");
    this.file = root.querySelector("input[type=file]");
    this.channel = root.querySelector("input[type=hidden]");
    this.mirrored = root.dataset.facing === "user";
    this.kind = this.mirrored ? "face" : "document";
    root.addEventListener("click", (event) => this.act(event.target.closest("[data-camera-do]")?.dataset.cameraDo));
    this.file.addEventListener("change", () => this.chosen());
    this.offer("start");
  }

  act(name) {
    if (name === "start" || name === "again") this.start();
    if (name === "take") this.take();
  }

  offer(...names) {
    for (const button of this.root.querySelectorAll("[data-camera-do]")) button.hidden = !names.includes(button.dataset.cameraDo);
  }

  text(key) {
    return this.root.dataset[`say${key[0].toUpperCase()}${key.slice(1)}`] ?? "";
  }

  say(key, more = "") {
    const text = `${this.text(key)} ${more}`.trim();
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  async start() {
    this.say("starting");
    try {
      this.stream = await openCamera(this.root.dataset.facing);
    } catch (error) {
      this.refused(error);
      return;
    }
    this.show();
  }

  refused(error) {
    this.say(refusal(error));
    this.offer("start");
    this.file.focus();
  }

  async show() {
    this.root.classList.toggle("camera-mirrored", this.mirrored);
    this.root.classList.remove("camera-taken");
    this.stage.hidden = false;
    this.video.hidden = false;
    this.shot.hidden = true;
    this.video.srcObject = this.stream;
    await this.video.play();
    this.say("ready");
    this.offer("take");
    this.root.querySelector("[data-camera-do=take]").focus();
    this.looking = setInterval(() => this.look(), LOOK_EVERY);
  }

  async look() {
    if (!this.root.isConnected) this.stop();
    else if (this.video.videoWidth) {
      const verdict = await this.judged(this.video, this.video.videoWidth, this.video.videoHeight);
      if (this.stream) this.say(verdict);
    }
  }

  // Chromium on Android and macOS finds faces itself; elsewhere the server says it.
  async judged(source, width, height) {
    const verdict = quality(source, width, height, this.kind);
    if (verdict !== "good" || this.kind !== "face" || !("FaceDetector" in window)) return verdict;
    try {
      const { length } = await new FaceDetector().detect(source);
      return length === 1 ? verdict : length ? "severalFaces" : "noFace";
    } catch {
      return verdict;
    }
  }

  stop() {
    clearInterval(this.looking);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  take() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return;
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    // The preview is a mirror; what is kept is not, or the text on a document would run backwards.
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    this.stop();
    canvas.toBlob(async (blob) => this.keep(blob, await this.judged(canvas, canvas.width, canvas.height)), "image/jpeg", 0.92);
  }

  keep(blob, verdict) {
    const files = new DataTransfer();
    files.items.add(new File([blob], `${this.file.name}.jpg`, { type: "image/jpeg" }));
    this.file.files = files.files;
    this.channel.value = "camera";
    this.preview(blob);
    if (verdict === "good") this.say("taken");
    else this.say("takenPoor", this.text(verdict));
    this.offer("again");
    this.root.querySelector("[data-camera-do=again]").focus();
  }

  preview(blob) {
    URL.revokeObjectURL(this.shot.src);
    this.shot.onerror = () => { this.stage.hidden = true; };
    this.shot.src = URL.createObjectURL(blob);
    this.shot.hidden = false;
    this.video.hidden = true;
    this.stage.hidden = false;
    this.root.classList.add("camera-taken");
    this.root.dispatchEvent(new CustomEvent("camera:taken", { bubbles: true, detail: { blob } }));
  }

  async chosen() {
    const [file] = this.file.files;
    this.channel.value = "upload";
    this.stop();
    this.offer("start");
    if (!file) return;
    this.preview(file);
    this.say("chosen");
    const verdict = await this.judgedFile(file);
    if (verdict !== "good" && file === this.file.files[0]) this.say("chosenPoor", this.text(verdict));
  }

  async judgedFile(file) {
    if (file.size > MOST_BYTES) return "large";
    try {
      const picture = await createImageBitmap(file);
      const verdict = await this.judged(picture, picture.width, picture.height);
      picture.close();
      return verdict;
    } catch {
      return "good"; // a format that the server can read and this browser cannot, such as HEIC
    }
  }
}

function setUp() {
  for (const root of document.querySelectorAll("[data-camera]:not([data-camera-ready])")) {
    root.dataset.cameraReady = "yes";
    new Camera(root);
  }
}

document.addEventListener("htmx:after:swap", setUp);
setUp();
