"""Pages about `helpers`, from its source text: one for each package, nothing is imported."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple


class Thing(NamedTuple):
    """A function or a class: its full name, and the module in which it is written."""

    name: str
    module: str
    node: ast.AST


def pages(helpers: Path) -> dict[str, str]:
    """{source of a page: its Markdown}, for the package itself and for each package in it."""
    packages = sorted(path.parent for path in helpers.glob("*/__init__.py"))
    things = {package.name: _things(package) for package in packages}
    elsewhere = {thing.module for found in things.values() for thing in found}
    made = {"helpers": [t for t in _things(helpers) if t.module not in elsewhere], **things}
    return {
        f"api/{name}.md": _page(helpers if name == "helpers" else helpers / name, found)
        for name, found in made.items()
    }


def drawers(helpers: Path) -> dict[str, str]:
    """{name: the first line of its documentation} for the functions of helpers.figures."""
    things = _things(helpers / "figures")
    return {t.name.split(".")[-1]: ast.get_docstring(t.node).split("\n")[0] for t in things}


def prose(text: str) -> str:
    """A docstring as Markdown: code where it has `…`, and no other mark with a meaning."""
    pieces = re.split(r"(`[^`]+`)", text)
    pieces[::2] = [re.sub(r"([\\*_\[\]<>{}|$#])", r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def documentation(node: ast.AST) -> str:
    """A docstring in Markdown: its first line, then what it says of each argument, as a list."""
    text = ast.get_docstring(node) or ""
    names = "|".join(map(re.escape, sorted(_arguments(node), key=len, reverse=True)))
    start = rf"(?:^|(?<=[.;] ))(?:(?:{names})(?:, )?)+: " if names else r"(?!)"
    made = []
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith("    "):
            made.append(f"```python\n{_dedent(paragraph)}\n```")
            continue
        lines = re.sub(r"\n(?=Raises )", "\n\n", paragraph).split("\n\n")
        for line in lines:
            made += _items(" ".join(line.split()), start)
    return "\n\n".join(made)


def _items(text: str, start: str) -> Iterator[str]:
    """A paragraph, and one more for each argument, for what is returned and what is raised."""
    marks = [m.start() for m in re.finditer(start, text)]
    marks += [m.start() for m in re.finditer(r"(?<=[.] )(?:Returns|Raises) ", text)]
    cuts = [0, *sorted(marks), len(text)]
    for a, b in pairwise(cuts):
        piece = text[a:b].strip()
        label = re.match(start, piece)
        if label:
            names = ", ".join(f"`{name}`" for name in label[0].strip(": ").split(", "))
            yield f"- {names}: {prose(re.sub(';$', '.', piece[label.end() :]))}"
        elif piece:
            yield prose(piece)


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())


def _arguments(node: ast.AST) -> list[str]:
    """The names that a docstring explains: arguments, or the fields of a tuple with names."""
    if isinstance(node, ast.ClassDef):
        fields = [n.target.id for n in node.body if isinstance(n, ast.AnnAssign)]
        return fields + [name for method in _methods(node) for name in _arguments(method)]
    if not isinstance(node, ast.FunctionDef):
        return []
    a = node.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    return [argument.arg for argument in every if argument.arg != "self"]


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]


def _signature(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef):
        return re.sub(r"^self(, )?", "", ast.unparse(node.args))
    if methods := _methods(node):
        return re.sub(r"^self(, )?", "", ast.unparse(methods[0].args))
    return ", ".join(n.target.id for n in node.body if isinstance(n, ast.AnnAssign))


def _page(package: Path, things: list[Thing]) -> str:
    """One page: a section for each module, an entry for each of its functions and classes."""
    title = "helpers" if package.name == "helpers" else f"helpers.{package.name}"
    lines = [f"# {title}", documentation(_tree(package / "__init__.py"))]
    for module in dict.fromkeys(thing.module for thing in things):
        lines += [f"## {module.removeprefix(f'{title}.').removeprefix('helpers.').lstrip('_')}"]
        lines += [documentation(_tree(_root(package) / f"{module.replace('.', '/')}.py"))]
        lines += [_entry(t.name, t.node) for t in things if t.module == module]
    return "\n\n".join(lines) + "\n"


def _entry(name: str, node: ast.AST, fence: str = "`" * 6) -> str:
    kind = "class" if isinstance(node, ast.ClassDef) else "function"
    parts = [documentation(node)]
    for method in node.body if kind == "class" else ():
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
            parts += [_entry(method.name, method, fence[1:])] if ast.get_docstring(method) else []
    kind = kind if len(fence) == 6 else "method"
    body = "\n\n".join(parts)
    return f"{fence}{{py:{kind}}} {name}({_signature(node)})\n\n{body}\n{fence}"


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _things(package: Path) -> list[Thing]:
    """The documented functions and classes of a package's modules, sorted by module.

    What the package hands on is called by the shorter name, wherever it is written; of a module
    from which it hands on something, the rest is left out.
    """
    prefix = "helpers" if package.name == "helpers" else f"helpers.{package.name}"
    handed, files = set(), sorted(package.glob("[!_]*.py"))
    for node in _tree(package / "__init__.py").body:
        if isinstance(node, ast.ImportFrom) and node.module:
            base = package if node.level == 1 else package.parent
            path = base / f"{node.module.replace('.', '/')}.py"
            if path.is_file():
                files += [] if path in files else [path]
                handed |= {(path, name.name) for name in node.names}
    found, partly = [], {path for path, _ in handed}
    for path in files:
        module = ".".join(path.relative_to(_root(package)).with_suffix("").parts)
        for node in _tree(path).body:
            name = getattr(node, "name", "_")
            if not name.startswith("_") and ast.get_docstring(node):
                if (path, name) in handed:
                    found.append(Thing(f"{prefix}.{name}", module, node))
                elif path not in partly:
                    found.append(Thing(f"{module}.{name}", module, node))
    return found


def _root(package: Path) -> Path:
    return package.parent if package.name == "helpers" else package.parent.parent
