"""Which language a text is in, where that can be told: what is not English is not read."""

import re
from types import MappingProxyType

ENGLISH = "en"
_COMMON = MappingProxyType(
    {
        "en": "the of and in to were was with for from that by as is are we this on which",
        "es": "el la los las de del y en que se para por con una fueron estudios los tras",
        "fr": "le la les des et en du une dans pour par sur ont que avec aux été qui",
        "de": "der die das und in den von mit wurden für eine nach auf aus im zur dem nicht",
        "pt": "o os as de da do e em que para por com uma foram dos das não na no",
        "it": "il la di e in che per con una sono stati del della dei gli nel degli",
        "nl": "de het een van en in met voor werden uit op dat zijn naar bij niet",
        "pl": "w i na z do oraz nie się po przez od jest dla które badań",
        "tr": "ve bir bu ile için olarak çalışma sonra olan da de",
        "sv": "och i att av en som för med på till efter studier det",
        "id": "dan yang dengan untuk dari pada dalam ini studi setelah",
    }
)
"""Words that a text of the language cannot do without."""
NAMES = MappingProxyType(
    {
        "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "it": "Italian", "nl": "Dutch",
        "pl": "Polish", "tr": "Turkish", "sv": "Swedish", "id": "Indonesian", "zh": "Chinese",
        "ja": "Japanese", "ko": "Korean", "ru": "Russian or another in Cyrillic letters",
        "ar": "Arabic or Persian", "el": "Greek",
    }
)  # fmt: skip
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
)
_FEWEST_WORDS = 8


def tell(text: str) -> str:
    """
    Return the language of a text, as ``en``; blank where it is too short to tell.

    >>> tell("After duplicates were removed, 158 records of the search were screened by two of us.")
    'en'
    >>> tell("Tras eliminar los duplicados, se incluyeron 16 estudios de los 158 registros de la búsqueda.")
    'es'
    """
    letters = sum(map(str.isalpha, text))
    for language, script in _SCRIPTS:
        if len(script.findall(text)) > letters * 0.2:
            return language
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < _FEWEST_WORDS:
        return ""
    shares = {
        language: sum(word in set(common.split()) for word in words) for language, common in _COMMON.items()
    }
    best = max(shares, key=lambda language: (shares[language], language == ENGLISH))
    return best if shares[best] >= 2 else ""
