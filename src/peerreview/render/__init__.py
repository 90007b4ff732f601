"""Writers, one file per format or library, and what fills templates; a file that is read needs none."""
