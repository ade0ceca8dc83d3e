"""The child that cleans a recording: `python -m verification.engines.projector`, started by `sandbox`."""

from io import BytesIO

from PIL import Image, JpegImagePlugin, MpoImagePlugin, TiffImagePlugin

from verification.engines import reel, sandbox

QUALITY = 92  # the judge looks at the grain of the sensor, too

# Loaded now: the child opens no file later.
_PLUGINS = (JpegImagePlugin, MpoImagePlugin, TiffImagePlugin)
Image.preinit()


def project(_subject: str, upload: bytes) -> bytes:
    """Returns the recording with every frame decoded and encoded anew; nothing for what is no recording."""
    try:
        return reel.pack(reel.Frame(frame.ms, frame.phase, _anew(frame)) for frame in reel.unpack(upload))
    except reel.NotARecording:
        return b""


def _anew(frame: reel.Frame) -> bytes:
    for quality in (QUALITY, 75):
        out = BytesIO()
        reel.shown(frame).save(out, "JPEG", quality=quality)
        if out.tell() <= reel.MAX_FRAME_BYTES:
            break
    return out.getvalue()


if __name__ == "__main__":
    sandbox.serve(project)
