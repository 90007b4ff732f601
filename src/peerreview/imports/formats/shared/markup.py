"""
The XML door: records cut out of a document one by one, without entities, DTDs or network.

Each record is parsed on its own, so a damaged one costs no other, and no
declaration of the document can reach it: an entity bomb stays text.
"""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html.entities import html5
from xml.parsers import expat

from peerreview.errors import InputError
from peerreview.imports.formats import Part, Piece, RawRecord, Tags, Warned

DEEPEST = 60
"""Elements within elements; the deepest record seen has 12."""
INLINE = frozenset({"i", "b", "u", "sup", "sub", "style", "sc", "em", "strong", "br"})
"""Elements that shape a run of text, and end no value."""
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
# XML 1.0 forbids these even as references; EndNote writes them all the same.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F]..|[fF]{3}[eEfF]));"
)
_DECLARATION = re.compile(r"<!DOCTYPE[^>\[]*\[|<!ENTITY")
_FRAME = re.compile(
    r"</?(?:xml|records|PubmedArticleSet|PubmedBookArticleSet|Trials_downloaded_from_ICTRP)(?:\s[^<>]*)?>|<!DOCTYPE[^<>]*>|<\?[^<>]*\?>"
)
_FRAMES = re.compile(rf"\s+|{_FRAME.pattern}")
_WRAPPER = re.compile(
    r"<(/?)((?:[\w.-]+:)?(?:xml|records|PubmedArticleSet|PubmedBookArticleSet|Trials_downloaded_from_ICTRP))(?:\s[^<>]*)?>"
)
_TAG = re.compile(r"</?[A-Za-z_][^<>]*>")


@dataclass(slots=True)
class _Open:
    """An element whose end tag is still to come."""

    path: str
    tags: Tags = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    has_text: bool = False
    inner: Tags = field(default_factory=list)


class _TooDeepError(Exception):
    pass


def parse_records(text: str, names: Collection[str], *, skipped: Collection[str] = ()) -> Iterator[Part]:
    """
    Yield the elements of these names, each as a raw record.

    A record's tags are its attributes (``path/@name``) and its texts
    (``path``), with the path below the record's own element, in the
    document's order, white space run together.

    Parameters
    ----------
    names : elements that are records.
    skipped : elements that a document of this kind may hold beside its records.

    Raises
    ------
    InputError
        Where the document declares entities, before any of them could be read.
    """
    declared = _DECLARATION.search(text)
    if declared and not re.search(rf"<(?:{'|'.join(map(re.escape, names))})[\s>/]", text[: declared.start()]):
        message = "declares entities of its own, which are never expanded here; export it again"
        raise InputError(message, line=text.count("\n", 0, declared.start()) + 1)
    here, line = 0, 1
    after = 0
    first, whole = len(text), True
    for start, end, whole in _cut(text, names):
        first = min(first, start)
        yield from _look_between(text[after:start], line + text.count("\n", here, after), skipped)
        line += text.count("\n", here, start)
        here = start
        after = end
        piece = text[start:end]
        if not whole:
            yield Piece(line, "the record has no end: the file is cut off or damaged; export it again", piece)
            continue
        try:
            tags, mended = _read_tags(piece)
        except expat.ExpatError as error:
            fault = expat.errors.messages[error.code]
            yield Piece(
                line, f"the record is not sound XML: {fault} in line {line + error.lineno - 1}", piece
            )
        except _TooDeepError:
            yield Piece(line, f"the record is nested deeper than {DEEPEST} elements", piece)
        else:
            if mended:
                yield Warned(line, "control characters that XML forbids are read as spaces")
            yield RawRecord(line, piece, tags)
    line += text.count("\n", here, after)
    yield from _look_between(text[after:], line, skipped)
    if whole and (missing := _find_unclosed(text[:first], text[after:])):
        message = f"the file ends before </{missing}>: records may be missing; export it again"
        yield Warned(line + text.count("\n", after), message)


def _find_unclosed(above: str, below: str) -> str:
    """Return the innermost wrapper that opens above the records and has no end below them, or blank."""
    opened = [name for ends, name in _WRAPPER.findall(above) if not ends]
    closed = {name for ends, name in _WRAPPER.findall(below) if ends}
    return next((name for name in reversed(opened) if name not in closed), "")


def escape(value: str) -> str:
    """Return text for an element: escaped, and without the characters that XML forbids."""
    return html.escape(_CONTROL.sub(" ", value), quote=False)


def escape_quoted(value: str) -> str:
    """Return text for an attribute, in double quotes."""
    return html.escape(_CONTROL.sub(" ", value), quote=True)


def _cut(text: str, names: Collection[str]) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, whether it is whole) of each record; comments hide what they hold."""
    alternatives = "|".join(map(re.escape, names))
    mark = re.compile(
        rf"<(?:(?P<hidden>!--|!\[CDATA\[)|(?P<empty>{alternatives})(?:\s[^<>]*)?/>"
        rf"|(?P<start>{alternatives})(?:\s[^<>]*)?>|/(?P<end>{alternatives})\s*>)"
    )
    opened: int | None = None
    position = 0
    endless: set[str] = set()
    while found := mark.search(text, position):
        position = found.end()
        if found["hidden"]:
            closing = "-->" if found["hidden"] == "!--" else "]]>"
            shown = -1 if closing in endless else text.find(closing, position)
            position = max(position, shown)
            if shown < 0:
                endless.add(closing)
            continue
        if found["empty"] or found["start"]:
            if opened is not None:
                yield opened, found.start(), False
            opened = found.start()
        if (found["empty"] or found["end"]) and opened is not None:
            yield opened, found.end(), True
            opened = None
    if opened is not None:
        yield opened, len(text), False


def _look_between(gap: str, line: int, skipped: Collection[str]) -> Iterator[Part]:
    """Judge what stands between records: only the wrapper may."""
    rest = _without(gap, "<!--", "-->")
    for name in skipped:
        rest = _without(rest, f"<{name}>", f"</{name}>")
    rest = _FRAME.sub("", rest).strip()
    if _TAG.sub("", rest).strip():
        begin = 0
        while (frame := _FRAMES.match(gap, begin)) and frame.end() > begin:
            begin = frame.end()
        line += gap.count("\n", 0, begin)
        yield Piece(line, "text outside any record: a start or end is missing; export it again", gap[begin:])
    elif rest:
        yield Warned(line, "elements outside any record", rest)


def _without(text: str, opening: str, closing: str) -> str:
    kept = []
    position = 0
    while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start)) >= 0:
        kept.append(text[position:start])
        position = end + len(closing)
    return "".join([*kept, text[position:]])


def _read_tags(piece: str) -> tuple[Tags, bool]:
    """Return the tags of one record, and whether forbidden characters became spaces."""
    sound = _NAMED.sub(_named, piece) if "&" in piece else piece
    try:
        return _parse(sound), False
    except expat.ExpatError:
        mended, n_mended = _CONTROL.subn(" ", sound)
        if not n_mended:
            raise
        return _parse(mended), True


def _parse(piece: str) -> Tags:
    stack: list[_Open] = [_Open("")]
    tags: Tags = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise _TooDeepError
        above = stack[-1]
        path = f"{above.path}/{name}" if above.path else ("" if len(stack) == 1 else name)
        opened = _Open(path)
        if attributes and name not in INLINE:
            opened.tags = [
                (f"{path}/@{key}".lstrip("/"), value) for key, value in attributes.items() if value
            ]
        stack.append(opened)

    def characters(text: str) -> None:
        above = stack[-1]
        above.parts.append(text)
        above.has_text = above.has_text or not text.isspace()

    def end(name: str) -> None:
        closed = stack.pop()
        inner = "".join(closed.parts)
        above = stack[-1]
        above.parts.append(inner)
        if name in INLINE or ":" in name:
            # MathML and the like: part of the text around them.
            above.has_text = above.has_text or bool(inner.strip())
            return
        value = " ".join(inner.split()) if inner else ""
        if closed.has_text or not closed.inner:
            found = [*closed.tags, (closed.path, value)] if value else closed.tags
            found += [tag for tag in closed.inner if "/@" in f"/{tag[0]}"]
        else:
            found = closed.tags + closed.inner
        if len(stack) == 1:
            tags.extend(found)
        else:
            above.inner += found

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    # Half a character is no more sound than a control character: expat refuses both.
    parser.Parse(piece.encode("utf-8", "surrogatepass"), True)  # noqa: FBT003
    return tags


def _named(match: re.Match[str]) -> str:
    """Return the character of an HTML name; those of XML itself, and unknown ones, stay."""
    name = match[1]
    if name in _XML_NAMES:
        return match[0]
    return html5.get(f"{name};", match[0])
