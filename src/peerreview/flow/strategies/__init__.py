"""What must hold between the lines of a search and their numbers, and between a search and its records."""
