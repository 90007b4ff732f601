"""Figures as PNG: the only door to resvg."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from peerreview.errors import MissingToolError
from peerreview.paper.figures import Diagram
from peerreview.render import fonts, svg


def draw(figure: Diagram, *, dpi: int = 300, chosen: Mapping[str, Path] | None = None) -> bytes:
    """
    Return a figure as PNG, with its resolution noted in the file.

    Parameters
    ----------
    dpi : dots per inch; the figure's own units are 1/96 inch.
    chosen : fonts by style, as ``fonts.find`` returns them, to try before those that ship.

    Raises
    ------
    MissingToolError
        Without resvg-py or fontTools.
    InputError
        Where no font has a character of the figure.
    """
    try:
        import fontTools.ttLib  # noqa: F401  an extra; what ``fonts`` reads with
        import resvg_py
    except ImportError as error:
        raise MissingToolError.of("PNG", "resvg-py", "fonttools") from error
    faces, styles = fonts.styled(figure.texts, chosen or {})
    # resvg draws nothing, and says nothing, where it finds no font: only those named here count.
    files = [*(str(face.path) for face in faces), *(str(path) for each in styles for path in each.values())]
    family = faces[0].family
    drawn = svg.draw(replace(figure, style=replace(figure.style, font=f"'{family}'")))
    picture: bytes = resvg_py.svg_to_bytes(
        svg_string=drawn,
        # A unit of the figure is a 96th of an inch; without it, a length in millimetres is 0.
        dpi=96,
        zoom=dpi / 96,
        # The last column of pixels may be covered in part.
        background="#ffffff",
        skip_system_fonts=True,
        font_files=list(dict.fromkeys(files)),
        font_family=family,
        sans_serif_family=family,
    )
    return _with_resolution(bytes(picture), dpi)


def _with_resolution(picture: bytes, dpi: int) -> bytes:
    """Return a PNG with its pHYs chunk, which goes right after the header's 33 bytes."""
    per_metre = round(dpi / 0.0254)
    said = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    return picture[:33] + struct.pack(">I", 9) + said + struct.pack(">I", zlib.crc32(said)) + picture[33:]
