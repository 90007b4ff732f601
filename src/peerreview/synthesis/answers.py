"""What people write for a judgement → the judgement: words, of several languages, and signs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peerreview.synthesis.instrument import Instrument, Item, Judgement, Signs
from peerreview.synthesis.spelling import comparable
from peerreview.values.folding import fold

_WORDS = {
    "yes": "ja, oui, si, sim, 是",
    "no": "nein, nee, nej, nei, non, nao, 否",
    "unclear": "unklar, oklart, uklart, onduidelijk, incertain, incierto, incerto, peu clair, pas clair, "
    "poco claro, no claro, no esta claro, poco chiaro, non chiaro, pouco claro, 不清楚",
    "low": "niedrig, gering, faible, bas, bajo, basso, baixo, laag, lag, lav, 低, 低风险",
    "moderate": "moderat, massig, moderado, modere, moderato, matig, 中等",
    "some concerns": "einige bedenken, algunas preocupaciones, algumas preocupacoes, alcune preoccupazioni, "
    "quelques preoccupations, certaines preoccupations",
    "high": "hoch, eleve, haut, alto, hoog, hog, hoy, elevato, elevado, hohes risiko, 高, 高风险",
    "serious": "schwerwiegend",
    "critical": "kritisch, critique, critico, kritiek",
    "very high": "sehr hoch, muy alto, tres eleve, molto alto, muito alto, zeer hoog",
    "not applicable": "entfallt, nicht zutreffend, nicht anwendbar, trifft nicht zu, sans objet, no aplica, "
    "no aplicable, non applicable, non applicabile, nao aplicavel, nao se aplica, niet van toepassing, nvt, "
    "n v t, 不适用",
    "no information": "keine information, keine informationen, keine angabe, keine angaben, "
    "sin informacion, nessuna informazione, sem informacao, geen informatie",
    "partial yes": "teilweise ja, oui partiel, si parcial, sim parcial",
}
"""
What German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian and Chinese sheets say, folded.
No word is here that means two of these in two languages.
"""
_RISK = (
    "{}es risiko", "{} risiko", "{}e risiko", "{} risico", "{} risque", "risque {}", "riesgo {}", "{} riesgo",
    "rischio {}", "{} rischio", "risco {}", "{} risco",
)  # fmt: skip
"""How these languages say that a risk is so: niedriges Risiko, bajo riesgo, risque élevé."""
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－➖", "-"), **dict.fromkeys("＋➕", "+"), "？": "?", "！": "!",
        **dict.fromkeys("★⭐✱∗＊⁎✶✭🟊", "*"), **dict.fromkeys("✔☑✅", "✓"), **dict.fromkeys("✘❌✖", "✗"),
        **dict.fromkeys("×X", "x"), "\ufe0f": None, "◯": "○",
    }
)  # fmt: skip
_DRAWN = re.compile("[★⭐✱🟊]+")
_SIGNS = frozenset("+-?!*✓✗x±○☆~")


@dataclass(frozen=True)
class Meaning:
    """What a cell says: a ``judgement``, ``nothing`` (another program's word for none), or a ``fault``."""

    judgement: Judgement | None = None
    nothing: bool = False
    fault: str = ""


def read(cells: Iterable[str], instrument: Instrument) -> dict[str, Meaning]:
    """
    Return what each cell says; without all three where its words are not the instrument's.

    A word is the instrument's own, or the same word in another language. A sign is read by who uses it so:
    two programs that draw one sign for two judgements are told apart by the other signs of the sheet,
    else the sign has a fault that names both.

    Parameters
    ----------
    cells : all of a sheet's, since a sign means what the signs beside it let it mean.
    """
    distinct = dict.fromkeys(cells)
    present = {sign for cell in distinct if (sign := signed(cell))}
    conventions = instrument.signs or (_symbols(instrument),)
    known = {sign for each in conventions for sign in each.means}
    fitting = [each for each in conventions if present & known <= each.means.keys()] or conventions
    nothing = set(map(comparable, instrument.unjudged))
    found = {}
    for cell in distinct:
        judgement = instrument.find_judgement(cell) or _foreign(cell, instrument)
        if judgement is not None:
            found[cell] = Meaning(judgement)
        elif comparable(cell) in nothing or comparable(_ENGLISH.get(fold(cell), "")) in nothing:
            found[cell] = Meaning(nothing=True)
        else:
            found[cell] = _by_sign(cell, fitting, instrument)
    return found


_LETTERS = re.compile(r"\(?[a-h]\)?[.:]?(?:(?:[,;/&+]|and)?\(?[a-h]\)?[.:]?)*")


def is_starred(cells: Iterable[str]) -> bool:
    """Return whether a sheet has letters with stars beside them, so that a letter alone tells of none."""
    return any(letters and stars for letters, stars in map(_lettered, cells))


def of_item(cell: str, said: Meaning, item: Item | None, instrument: Instrument, *, starred: bool) -> Meaning:
    """
    Return what a cell says of an item: a letter of the instrument's form, else what it says of any.

    Where stars stand beside a letter they are what is said, unless the form gives it others. Letters add
    up on an item of which each is a point of its own; the last of them alone may stand for all.

    Parameters
    ----------
    said : what the cell says of any item.
    starred : whether other cells of the sheet have stars beside their letters.
    """
    known = instrument.letters.get(item.item, {}) if item is not None else {}
    letters, stars = _lettered(cell)
    if item is None or not known or not letters:
        return said
    form = ", ".join(f"{letter}{'*' * points}" for letter, points in known.items())
    legal = " or ".join(each.judgement for each in instrument.permitted(item))
    cure = f"the form of {instrument.name} has {form} for item {item.item}; write {legal}"
    adds_up = sum(known.values()) == instrument.most(item) > 1
    earned = sum(known.get(each, 0) for each in letters)
    if stars and not set(letters) <= set(known):
        # The form that was filled in is another: its stars are the word.
        earned = stars
    elif not set(letters) <= set(known) or (letters[1:] and not adds_up):
        return Meaning(fault=f"judgement {cell!r} is no answer: {cure}")
    elif stars and stars != earned:
        return Meaning(fault=f"judgement {cell!r} has other stars than its letter: {cure}")
    elif not stars and earned and starred:
        return Meaning(fault=f"judgement {cell!r} has no star, as others beside it have: {cure}")
    elif not stars and adds_up and letters == list(known)[-1]:
        # Tables are in print whose totals count it as both.
        return Meaning(fault=f"judgement {cell!r} may be for {letters} alone, or for all up to it: {cure}")
    found = (each for each in instrument.permitted(item) if each.points == earned)
    return Meaning(next(found, None))


def _lettered(cell: str) -> tuple[str, int]:
    """
    Return the letters that a cell holds, and how many stars beside them; none where it has words, too.

    >>> _lettered("(a)*"), _lettered("A, b ★★"), _lettered("no"), _lettered("b) a sample ★")
    (('a', 1), ('ab', 2), ('', 0), ('', 0))
    """
    # Without blanks there is one way to read it, however many there were.
    bare = "".join(cell.split()).translate(_ALIKE).casefold()
    text = bare.replace("*", "")
    if not _LETTERS.fullmatch(text):
        return "", 0
    letters = "".join(each for each in text.replace("and", "") if each.isalpha())
    in_order = "".join(sorted(set(letters)))
    return (letters, bare.count("*")) if letters == in_order else ("", 0)


def signed(cell: str) -> str:
    """
    Return the sign that a cell is, whichever character it is drawn with; blank where it has words.

    >>> signed("−"), signed("★ ★"), signed("X"), signed("low")
    ('-', '**', 'x', '')
    """
    sign = "".join(cell.split()).translate(_ALIKE)
    return sign if sign and _SIGNS.issuperset(sign) else ""


def _stars_among_words(cell: str) -> str:
    """
    Return the stars that stand once among words, as a form prints them; an asterisk may be a footnote's.

    >>> _stars_among_words("b) somewhat representative ★"), _stars_among_words("0*")
    ('*', '')
    """
    found = _DRAWN.findall(cell)
    return "*" * len(found[0]) if len(found) == 1 else ""


def _by_sign(cell: str, conventions: Sequence[Signs], instrument: Instrument) -> Meaning:
    sign = signed(cell) or _stars_among_words(cell)
    readings: dict[str, str] = {}
    for each in conventions:
        if sign and sign in each.means:
            readings.setdefault(each.means[sign], each.by)
    if not readings:
        return Meaning()
    if len(readings) > 1:
        told = " or ".join(f"{word or 'no judgement'} ({by})" for word, by in readings.items())
        return Meaning(fault=f"judgement {cell!r} may be {told}; write the word")
    (word,) = readings
    return Meaning(instrument.find_judgement(word), nothing=not word)


def _symbols(instrument: Instrument) -> Signs:
    """Return an instrument's own symbols as signs; where it asks yes or no, ticks and crosses, too."""
    means = {sign: each.judgement for each in instrument.judgements if (sign := signed(each.symbol))}
    for sign, word in (("✓", "yes"), ("✗", "no")):
        if any(each.judgement == word for each in instrument.judgements):
            means.setdefault(sign, word)
    return Signs(instrument.title, means)


def _foreign(cell: str, instrument: Instrument) -> Judgement | None:
    english = _ENGLISH.get(fold(cell))
    return instrument.find_judgement(english) if english else None


def _english() -> dict[str, str]:
    """Return a folded word of another language → the English one; no word is two."""
    found: dict[str, str] = {}
    for english, listed in _WORDS.items():
        for word in listed.split(", "):
            for spelled in (word, *(each.format(word) for each in _RISK)):
                found.setdefault(spelled, english)
    return found


_ENGLISH = _english()
