"""nbgrader's step that runs a submission, which tells of a dead kernel and drops floods of text."""

import os
from pathlib import Path

from nbgrader.preprocessors import Execute as NbGraderExecute

FATAL = "GRADING_FATAL"  # the variable that says where the id of a fatal cell goes
MOST_TEXT = 2_000_000  # characters that a notebook may print; what is more is lost


class Execute(NbGraderExecute):
    """Runs every cell; notes the cell in which the kernel died."""

    _printed = 0

    def preprocess_cell(self, cell, resources, index):
        try:
            return super().preprocess_cell(cell, resources, index)
        except Exception:
            # An error in a cell is an output; what is raised here is that there is no kernel more.
            Path(os.environ[FATAL]).write_text(cell.id, encoding="utf-8")
            raise

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] == "stream":
            self._printed += len(msg["content"]["text"])
            if self._printed > MOST_TEXT:
                return None
        return super().process_message(msg, cell, cell_index)
