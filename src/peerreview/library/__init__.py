"""What notebooks and scripts call: ``public`` names all of it, and a command loads the part that it needs."""
