"""Read a paper back as a printer and a telephone's camera would: words and where they stand, streams, codes."""

import re
import subprocess
import xml.etree.ElementTree as ET
import zlib

MM = 25.4 / 72


def poppler(program, file, tmp_path, *options):
    path = tmp_path / "paper.pdf"
    path.write_bytes(file.content)
    command = [program, *options, str(path), *(["-"] if program == "pdftotext" else [])]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def text_of(file, tmp_path):
    """The words of a paper without any white space."""
    return "".join(poppler("pdftotext", file, tmp_path).split())


def words_on(file, tmp_path):
    """(page, word, left, top, right, bottom) in millimetres."""
    root = ET.fromstring(poppler("pdftotext", file, tmp_path, "-bbox"))
    space = "{http://www.w3.org/1999/xhtml}"
    for page in root.iter(f"{space}page"):
        width, height = float(page.get("width")) * MM, float(page.get("height")) * MM
        for word in page.iter(f"{space}word"):
            box = [float(word.get(side)) * MM for side in ("xMin", "yMin", "xMax", "yMax")]
            yield (width, height), word.text, box


def streams(file):
    for found in re.findall(rb"stream\n(.*?)\nendstream", file.content, re.DOTALL):
        try:
            yield zlib.decompress(found)
        except zlib.error:
            continue


def code_on(file, tmp_path, page=1, dpi=200):
    import zxingcpp
    from PIL import Image

    poppler("pdfinfo", file, tmp_path)
    target = tmp_path / "page"
    command = ["pdftoppm", "-r", str(dpi), "-png", "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run([*command, str(tmp_path / "paper.pdf"), str(target)], check=True)
    with Image.open(target.with_suffix(".png")) as picture:
        (code,) = zxingcpp.read_barcodes(picture.convert("RGB"))
    side = abs(code.position.top_right.x - code.position.top_left.x) / dpi * 25.4
    return code.text, side
