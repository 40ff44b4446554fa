"""Formulas are set when the book is made: KaTeX runs in QuickJS, and readers need no script.

A Sphinx extension. Script, styles and fonts are one version, in docs/katex/.
"""

import json
import re
import shutil
from functools import cache
from pathlib import Path

from tools.chapters import ROOT

KATEX = ROOT / "docs" / "katex"

_CALL = """
globalThis.set = (formula, displayMode) =>
  JSON.stringify(katex.renderToString(formula, {displayMode, strict: false}));
"""


@cache
def _engine():
    import quickjs

    context = quickjs.Context()
    context.set_max_stack_size(4 * 2**20)
    context.eval((KATEX / "katex.min.js").read_text(encoding="utf-8"))
    context.eval(_CALL)
    return context.get("set")


@cache
def render(formula: str, display: bool = False) -> str:
    """A formula as HTML, with MathML for those who listen. Raises ValueError for a wrong one."""
    import quickjs

    try:
        return json.loads(_engine()(formula, display))
    except quickjs.JSException as error:
        message = str(error).strip().splitlines()[0]
        raise ValueError(f"{message} in the formula {formula!r}") from None


def copy(folder: Path) -> None:
    """Put styles and fonts into a folder. Of each font there is the one form that browsers take."""
    shutil.copytree(KATEX / "fonts", folder / "fonts", dirs_exist_ok=True)
    style = (KATEX / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r',url\([^)]+\.(?:woff|ttf)\) format\("\w+"\)', "", style)
    (folder / "katex.css").write_text(style, encoding="utf-8")
    shutil.copy(KATEX / "LICENSE", folder)


def setup(app) -> dict:
    """Tell Sphinx. Sphinx has styles of its own for the class `math`, so it does not occur."""
    from docutils.nodes import SkipNode

    def visit(tag: str, display: bool):
        def write(self, node):
            self.body.append(f'<{tag} class="formula">{render(node.astext(), display)}</{tag}>')
            raise SkipNode

        return write, None

    app.add_html_math_renderer("katex", visit("span", False), visit("div", True))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
