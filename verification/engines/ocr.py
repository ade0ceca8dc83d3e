"""Text in pictures, by PP-OCRv6. The only importer of rapidocr; it belongs to the worker, never to a web process."""

import logging
import math
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
import rapidocr
from PIL import Image
from rapidocr.main import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from verification.engines.lines import Line, Quad, slope, straight

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

    At most 1600 pixels a side are looked at. A page that lies on its side or upside down is read all the same.
    """
    bounded = image.convert("RGB")
    bounded.thumbnail((LONGEST, LONGEST))
    found = _read(bounded)
    if slope(found) > math.pi / 4:  # on its side: the short lines of such a page are misread
        bounded = bounded.transpose(Image.Transpose.ROTATE_90)
        found = _read(bounded)
    if _sureness(found) < SURE * sum(len(line.text) for line in found):
        found = max(found, _read(bounded.transpose(Image.Transpose.ROTATE_180)), key=_sureness)
    return straight(found)


def _read(image: Image.Image) -> list[Line]:
    with _one_at_a_time:
        result = _engine()(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))  # blue first, as OpenCV has it
    if not isinstance(result, RapidOCROutput) or result.txts is None or result.boxes is None or result.scores is None:
        return []
    return [Line(text, float(score), _quad(box)) for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True)]


def _quad(box: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Quad:
    """Returns the corners as the text stands: the engine reads what is one and a half times as high as wide from top to bottom."""
    one, two, three, four = ((float(x), float(y)) for x, y in box)
    on_its_side = max(math.dist(one, four), math.dist(two, three)) >= 1.5 * max(math.dist(one, two), math.dist(four, three))
    return (two, three, four, one) if on_its_side else (one, two, three, four)


def _sureness(lines: list[Line]) -> float:
    return sum(len(line.text) * line.confidence for line in lines)


@cache
def _engine() -> RapidOCR:
    """One a process, made when first needed: the models take 130 MB."""
    engine = RapidOCR(params=_PARAMETERS)
    logging.getLogger("RapidOCR").handlers.clear()  # what is left goes to our own log, if anywhere
    return engine
