"""What a reader does with a page in a browser; run by ``nox -s browser``."""
