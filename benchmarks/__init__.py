"""Speed and memory of the operations, beside what a reader would use instead of ours."""
