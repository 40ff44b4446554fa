"""Tools that build and check the course; none of them is imported by a lesson."""
