"""
The context of RO-Crate 1.2 from a file, as if roc-validator had fetched it.

``python -m tests.crate FILE CACHE``, by ``nox -s crate -- FILE`` where there is no network; it takes
requests-cache, which the validator brings.
"""

import io
import sys
from pathlib import Path
from typing import Any

_ADDRESS = "https://w3id.org/ro/crate/1.2/context"
_ACCEPTED: tuple[dict[str, str], ...] = (
    {},
    {"Accept": "application/ld+json, application/json"},
    {"Accept": "application/ld+json, application/json;p=0.9, */*;q=0.1"},
)
"""What the validator, and rdflib within it, ask for: an answer is kept for each."""


def main(context: Path, cache: str) -> None:
    """Keep a file as the answer to who asks for the context."""
    import requests
    import urllib3
    from requests_cache import CachedSession

    class FromFile:
        def send(self, request: Any, **_options: Any) -> Any:
            answer = requests.Response()
            answer.status_code, answer.url, answer.request = 200, request.url, request
            answer.headers["Content-Type"] = "application/ld+json"
            body = io.BytesIO(context.read_bytes())
            answer.raw = urllib3.HTTPResponse(body, answer.headers, 200, preload_content=False)
            return answer

        def close(self) -> None:
            """Leave nothing open: there is no connection."""

    session = CachedSession(cache_name=cache, backend="sqlite", expire_after=-1)
    session.mount("https://", FromFile())
    for headers in _ACCEPTED:
        session.get(_ADDRESS, headers=headers).raise_for_status()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
