"""What one decision about a document and a selfie costs: `uv run python bench/faces.py [--rounds N] [--cases N]`.

Both are 12-megapixel JPEGs with rendered faces. In interleaved rounds of one run: (a) ours, from the bytes to the
judgement; (b) the plain use of face_recognition on the same files; (c) what nobody can avoid: decode both, detect in
each at a bounded size, encode each. Aims: (b) at least 15 times (a), (a) at most 1.25 times (c). Then the memory of a
worker over many cases, in a process of its own.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import psutil
from PIL import Image

from demo.faces import documents, pictures
from verification.engines import detector, face
from verification.rules import Facts, judge

SIZE = (4000, 3000)
BOUND = (1000, 750)  # what a JPEG of that size is decoded to, a quarter a side
FLAT = 8.0  # MiB; a page cache or an arena more is no leak, a picture kept would be two in each case
NOISE = 6.0  # of the sensor, so that the files weigh what photographs do


def photograph(picture: Image.Image, share: float, seed: int) -> bytes:
    """Returns a JPEG of 4000 × 3000 pixels in whose middle the picture stands, `share` of it high."""
    height = round(SIZE[1] * share)
    shown = picture.convert("RGB").resize((round(picture.width * height / picture.height), height), Image.Resampling.BICUBIC)
    scene = Image.new("RGB", SIZE, pictures.GREY_WALL)
    scene.paste(shown, ((SIZE[0] - shown.width) // 2, (SIZE[1] - height) // 2))
    noise = np.random.default_rng(seed).normal(0, NOISE, (SIZE[1], SIZE[0], 1))
    return pictures.jpeg(Image.fromarray(np.clip(np.asarray(scene) + noise, 0, 255).astype(np.uint8)), quality=92)


def ours(document: bytes, selfie: bytes) -> str:
    """Returns the judgement, as verification.services.machine comes to it; rows and files left out."""
    shown, taken = (face.prominent(face.faces_in(each)) for each in (document, selfie))
    apart = face.compare(shown[0], taken[0]) if shown and taken else None
    return str(judge(Facts(age=30, document_faces=len(shown), selfie_faces=len(taken), distance=apart)).state)


def plain(document: Path, selfie: Path) -> bool:
    """Returns whether the faces match, as the library's manual does it."""
    shown, taken = (face.api.face_encodings(face.api.load_image_file(each)) for each in (document, selfie))
    return bool(face.api.face_distance(shown[:1], taken[0])[0] <= 0.6)


def floor(*files: bytes) -> list[object]:
    """Returns two templates, with nothing done besides decoding, detecting and encoding."""
    made: list[object] = []
    for file in files:
        with Image.open(BytesIO(file)) as picture:
            picture.draft("RGB", BOUND)
            pixels = np.asarray(picture.resize((800, 600), Image.Resampling.BILINEAR))
        [box, *_] = face.api.face_detector(pixels, 0)
        chip = np.ascontiguousarray(pixels[:150, :150])  # any chip takes as long
        made += [box, face.api.face_encoder.compute_face_descriptor(chip)]
    return made


def seconds(act: Callable[[], object]) -> tuple[float, float]:
    """Returns how long one call takes, by the clock and of this process's processor time."""
    began, worked = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - worked


def compare(document: bytes, selfie: bytes, rounds: int) -> None:
    """Prints the medians of the three ways and their ratios."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        files = [Path(name) / "document.jpg", Path(name) / "selfie.jpg"]
        for file, data in zip(files, (document, selfie), strict=True):
            file.write_bytes(data)
        assert ours(document, selfie) == "verified"
        ways: dict[str, Callable[[], object]] = {
            "ours": lambda: ours(document, selfie), "floor": lambda: floor(document, selfie), "plain": lambda: plain(*files),
        }  # fmt: skip
        spent: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for number in range(rounds):
            for way, act in ways.items():
                if way != "plain" or number < max(2, rounds // 5):  # it takes as long as all others together
                    spent[way].append(seconds(act))
    clock, work = ({way: statistics.median(each[kind] for each in times) for way, times in spent.items()} for kind in (0, 1))
    faster, dearer = ([each["plain"] / each["ours"] for each in (clock, work)], [each["ours"] / each["floor"] for each in (clock, work)])
    print(f"medians of {rounds} rounds, of the plain use {len(spent['plain'])}; by the clock, in brackets by processor time")
    times = {way: f"{clock[way]:7.3f} s  ({work[way]:.3f} s)" for way in ways}
    print(f"(a) ours, bytes to judgement  {times['ours']}")
    print(f"(b) plain use of the library  {times['plain']}   {faster[0]:.1f} ({faster[1]:.1f}) times ours, aim ≥ 15")
    print(f"(c) decode, detect, encode    {times['floor']}   ours is {dearer[0]:.2f} ({dearer[1]:.2f}) times it, aim ≤ 1.25")
    print(f"    a first look at {detector.LOOKS[0].longest} pixels; at most {len(detector.LOOKS)} looks at a picture without a face")


def remember(document: bytes, selfie: bytes, cases: int) -> None:
    """Prints the resident memory at the start, after a tenth and at the end of so many cases."""
    process, told = psutil.Process(), []
    marks = {1, max(2, cases // 10), cases}
    told.append(("start, models loaded", process.memory_info().rss))
    recent: list[int] = []
    for number in range(1, cases + 1):
        ours(document, selfie)
        recent.append(process.memory_info().rss)
        if number in marks:
            told.append((f"after {number:,} case{'s' if number > 1 else ''}", recent[-1]))
    for when, size in told:
        print(f"    {when:<24} {size / 2**20:7.1f} MiB")
    tenth = recent[max(1, cases // 10) - 1 :]
    grown, noise = (tenth[-1] - tenth[0]) / 2**20, (max(tenth) - min(tenth)) / 2**20
    verdict = "flat" if grown <= FLAT else "NOT flat"
    print(f"    growth after the first tenth {grown:+.1f} MiB, range of all readings since {noise:.1f} MiB: {verdict}")


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cases", type=int, default=100, help="for the memory of a worker")
    parser.add_argument("--memory-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    card = documents.identity_card("alice", holder="Alice Example", number="360426199101010071")
    document, selfie = photograph(card, 0.7, 1), photograph(pictures.portrait("alice", size=480, frame=3), 0.9, 2)
    if options.memory_only:
        remember(document, selfie, options.cases)
        return
    print(f"two JPEGs of {SIZE[0]} × {SIZE[1]} pixels, {len(document) / 1e6:.1f} and {len(selfie) / 1e6:.1f} MB")
    compare(document, selfie, options.rounds)
    print(f"memory of a worker, {options.cases:,} cases", flush=True)
    subprocess.run([sys.executable, __file__, "--memory-only", "--cases", str(options.cases)], check=True)


if __name__ == "__main__":
    main()
