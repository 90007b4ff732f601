"""What the pages of ``docs`` show is run, from the first block of a page to the last."""
