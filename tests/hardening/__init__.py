"""What a pulled plug, a hostile file and another machine do: ``python -m tests.hardening``."""
