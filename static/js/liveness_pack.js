// The recording's file, as verification/engines/recording.py reads it: VHL1, the count, and for each frame its ms, phase,
// length and JPEG. Numbers are big-endian.
const MAGIC = [0x56, 0x48, 0x4c, 0x31];

/** A Blob of the frames: [{ms, phase, jpeg: Blob}], in their order. */
export function packed(frames) {
  const start = new DataView(new ArrayBuffer(6));
  MAGIC.forEach((byte, place) => start.setUint8(place, byte));
  start.setUint16(4, frames.length);
  return new Blob([start.buffer, ...frames.flatMap(({ ms, phase, jpeg }) => [head(ms, phase, jpeg.size), jpeg])]);
}

function head(ms, phase, size) {
  const view = new DataView(new ArrayBuffer(9));
  view.setUint32(0, ms);
  view.setUint8(4, phase);
  view.setUint32(5, size);
  return view.buffer;
}
