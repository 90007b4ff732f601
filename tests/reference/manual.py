"""The manual page, in the macros of man(7), from the command line itself."""

import re

from tests.reference.commands import described


def manual() -> str:
    """Return the commands of ``man peerreview``, each with its options."""
    told = [".SH COMMANDS"]
    for usage, sentence, rows in described():
        told += [f".SS {_set(usage)}", _set(sentence)]
        for shown, said in rows:
            told += [".TP", f"\\fB{_set(shown)}\\fR", _set(said.replace("`", ""))]
    return "\n".join(told) + "\n"


def _set(text: str) -> str:
    r"""
    Return text as roff prints it: no letter of it is an order.

    >>> print(_set("-o 'a\\b' …"))
    \-o \(aqa\eb\(aq ...
    """
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("…", "...")
    text = text.replace("’", "\\(cq").replace("–", "\\(en")
    return re.sub(r"^\.", "\\\\&.", text)
