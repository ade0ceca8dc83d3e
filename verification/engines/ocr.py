"""Text in pictures, by PP-OCRv6. The only importer of rapidocr; it belongs to the worker, never to a web process."""

import logging
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
import rapidocr
from PIL import Image
from rapidocr.main import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from verification.engines.lines import Line, Quad, straight

LONGEST = 1600  # pixels: the machine-readable lines of a passport that fills the picture are then 30 high
SEARCHED = 960  # pixels of the longer side in which lines are looked for; they are read in the larger picture
SURE = 0.8  # a page whose lines are read less surely, on the mean, may lie upside down
THREADS = 1  # a worker has as many processes as it may use processors
MODELS = Path(rapidocr.__file__).parent / "models"

# The library would look for its models by name, and fetch what it does not find: it is told the files that came with it.
_PARAMETERS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Det.limit_type": "max",
    "Det.limit_side_len": SEARCHED,
    "Det.model_path": str(MODELS / "PP-OCRv6_det_small.onnx"),
    "Rec.model_path": str(MODELS / "PP-OCRv6_rec_small.onnx"),
    "Rec.rec_batch_num": 1,  # more at once are no faster and need up to twice the memory
}
_one_at_a_time = Lock()  # the engine keeps the picture's size between its steps


def lines_in(image: Image.Image) -> list[Line]:
    """Returns the lines of text on a picture, straight and in reading order; none is no error.

    At most 1600 pixels a side are looked at. A picture that lies on its side or upside down is turned.
    """
    bounded = image.convert("RGB")
    bounded.thumbnail((LONGEST, LONGEST))
    found = _read(bounded)
    if found and _sideways(found):
        turned = [_read(bounded.transpose(way)) for way in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)]
        return max(turned, key=_sureness)
    if found and _sureness(found) < SURE * _letters(found):
        return max(found, _read(bounded.transpose(Image.Transpose.ROTATE_180)), key=_sureness)
    return found


def _read(image: Image.Image) -> list[Line]:
    with _one_at_a_time:
        result = _engine()(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))  # blue first, as OpenCV has it
    if not isinstance(result, RapidOCROutput) or result.txts is None or result.boxes is None or result.scores is None:
        return []
    read = [Line(text, float(score), _quad(box)) for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True)]
    return straight(read)


def _quad(box: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Quad:
    one, two, three, four = ((float(x), float(y)) for x, y in box)
    return one, two, three, four


def _sideways(lines: list[Line]) -> bool:
    upright = sum(len(line.text) for line in lines if line.box[3][1] - line.box[0][1] > 1.5 * (line.box[1][0] - line.box[0][0]))
    return upright > _letters(lines) / 2


def _sureness(lines: list[Line]) -> float:
    return sum(len(line.text) * line.confidence for line in lines)


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


@cache
def _engine() -> RapidOCR:
    """One a process, made when first needed: the models take 130 MB."""
    engine = RapidOCR(params=_PARAMETERS)
    logging.getLogger("RapidOCR").handlers.clear()  # what is left goes to our own log, if anywhere
    return engine
