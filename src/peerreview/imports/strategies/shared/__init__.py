"""What the platforms share: how a history is cut into lines, and how a line combines others."""
