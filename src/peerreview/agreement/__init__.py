"""Agreement: the coefficients, and the statistics of votes that rest on them."""
