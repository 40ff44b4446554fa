"""Grade the exercises of a class with nbgrader, each submission in a sandbox of its own."""
