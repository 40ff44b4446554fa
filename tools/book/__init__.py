"""The course as a book: pages that any browser shows, without a network and without Jupyter."""
