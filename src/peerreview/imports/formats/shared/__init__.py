"""What formats have in common: how records are cut, and values cleaned."""
