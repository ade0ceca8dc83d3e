// Opens a camera; what may go wrong has a name that the page has a text for.
const REFUSALS = { NotAllowedError: "notAllowed", SecurityError: "notAllowed", NotFoundError: "notFound", OverconstrainedError: "notFound" };

/** The stream of the camera that faces the "user" or the "environment", without sound. */
export function openCamera(facing) {
  return navigator.mediaDevices.getUserMedia({
    video: { facingMode: facing, width: { ideal: 1920 }, height: { ideal: 1080 } },
    audio: false,
  });
}

/** "notAllowed", "notFound" or "busy" for what `openCamera` threw. */
export function refusal(error) {
  // Without https there is no mediaDevices at all: that is a TypeError, and for the person the same as no camera.
  return error instanceof TypeError ? "notFound" : (REFUSALS[error.name] ?? "busy");
}
