"""A review's package as a Research Object Crate (RO-Crate 1.2): what each file is, in one JSON."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

METADATA = "ro-crate-metadata.json"
_CONTEXT = "https://w3id.org/ro/crate/1.2/context"
_PROFILE = "https://w3id.org/ro/crate/1.2"
_ORCID = re.compile(r"(?:https?://)?(?:orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_FORMATS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".md": "text/markdown",
    ".tex": "text/x-tex",
    ".toml": "application/toml",
    ".ris": "application/x-research-info-systems",
    ".bib": "application/x-bibtex",
    ".nbib": "application/nbib",
    ".xml": "application/xml",
    ".py": "text/x-python",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class About:
    """
    What is said of a review.

    ``authors`` may hold an ORCID each, ``license`` is an address or a text,
    ``published`` a day, and ``last_day`` what stands for it where it is not
    said: the last one that the tables tell of. ``instrument`` is the file that names the versions
    of the programs; ``described`` says of files, by name, what they are.
    """

    title: str
    authors: Sequence[str] = ()
    license: str = ""
    published: str = ""
    last_day: str = ""
    registration: str = ""
    funding: str = ""
    instrument: str = ""
    described: Mapping[str, str] = field(default_factory=dict)


def describe(files: Mapping[str, bytes], about: About) -> str:
    """
    Return ``ro-crate-metadata.json`` of files, by their names in the package.

    References
    ----------
    RO-Crate Metadata Specification 1.2, https://w3id.org/ro/crate/1.2: the metadata descriptor, the root
    data entity (name, description, datePublished, license) and a data entity per file.
    """
    people = [_person(each, number) for number, each in enumerate(about.authors, start=1)]
    licence = _licence(about.license)
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": "A systematic review: its tables, protocol, outputs, and the proof of each number. "
        "Open index.html; peerreview verify tells whether every number follows from the tables.",
        "license": {"@id": licence["@id"]},
        "hasPart": [{"@id": address(name)} for name in files],
        "mentions": {"@id": "#made"},
    }
    if day := about.published or about.last_day:
        root["datePublished"] = day
    if people:
        root["author"] = [{"@id": each["@id"]} for each in people]
    if about.registration:
        root["identifier"] = {"@id": "#registration"}
    if about.funding:
        root["funding"] = about.funding
    made = {
        "@id": "#made",
        "@type": "CreateAction",
        "name": "Counted, checked and drawn from the review's tables",
        "instrument": {"@id": about.instrument},
        "object": [{"@id": address(name)} for name in files if name.endswith(".csv")],
        "result": [{"@id": address(name)} for name in files if not name.endswith((".csv", ".toml"))],
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _PROFILE},
        "about": {"@id": "./"},
    }
    registered = {
        "@id": "#registration",
        "@type": "PropertyValue",
        "name": "Registration of the review",
        "value": about.registration,
    }
    entities = [_entity(name, content, about) for name, content in files.items()]
    graph = [
        descriptor,
        root,
        *people,
        licence,
        *([registered] if about.registration else []),
        made,
        *entities,
    ]
    return json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def digests(metadata: Any) -> dict[str, str]:
    """Return the SHA-256 of each file that the metadata of a package says, by its address there."""
    graph = metadata.get("@graph", []) if isinstance(metadata, dict) else []
    return {
        str(each["@id"]): str(each["sha256"])
        for each in graph
        if isinstance(each, dict) and "sha256" in each and "@id" in each
    }


def address(name: str) -> str:
    """
    Return how a package's metadata calls a file.

    >>> address("exports/ovid medline.ris")
    'exports/ovid%20medline.ris'
    """
    return quote(name)


def _entity(name: str, content: bytes, about: About) -> dict[str, Any]:
    suffix = f".{name.rpartition('.')[2].lower()}"
    said: dict[str, Any] = {"@id": address(name), "@type": "File", "name": name}
    if name in about.described:
        said["description"] = about.described[name]
    said["encodingFormat"] = _FORMATS.get(suffix, "text/plain")
    return said | {"contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}


def _person(text: str, number: int) -> dict[str, Any]:
    """Return an author, called by the ORCID where the text has one."""
    found = _ORCID.search(text)
    name = _ORCID.sub("", text).strip(" ,;()") if found else text.strip()
    known = f"https://orcid.org/{found[1]}" if found else f"#author-{number}"
    return {"@id": known, "@type": "Person", "name": name or known}


def _licence(text: str) -> dict[str, Any]:
    if re.match(r"https?://", text):
        return {"@id": text, "@type": "CreativeWork", "name": text, "description": f"See {text}"}
    said = text or "No licence is stated: ask the authors"
    return {"@id": "#license", "@type": "CreativeWork", "name": said, "description": said}
