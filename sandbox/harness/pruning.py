"""Which lines of a suite's tests a student may have: the visible tests and what these use, nothing else.

Works on the syntax tree: a hidden test is dropped, then every top-level function, class and assignment that
no visible test reaches, in the test files and in the helper modules beside them. Statements that bind no
name (`opaque(...)`) stay in test files that stay.
"""

import ast
import os


def visible_sources(folder):
    """{file name: source} of the test files with a visible test and of the helpers that these reach."""
    modules = {}
    for file in sorted(f for f in os.listdir(folder) if f.endswith(".py")):
        with open(os.path.join(folder, file), encoding="utf-8") as source:
            modules[file.removesuffix(".py")] = Module(source.read())
    waiting = [(n, None) for n, m in modules.items() if n.startswith("test_") and m.visible_tests()]
    for name, _ in list(waiting):
        waiting += [(name, test) for test in modules[name].visible_tests()]
    seen = set()
    while waiting:
        name, wanted = waiting.pop()
        if wanted == "*" and name in modules:
            raise ValueError(f"{name}: import its names one by one, so that the kit can leave the others out")
        if name in modules and (name, wanted) not in seen:
            seen.add((name, wanted))
            waiting += modules[name].reach(wanted)
    return {f"{n}.py": m.source() for n, m in modules.items() if m.reached}


class Module:
    """One file's top-level statements and which of them are needed."""

    def __init__(self, source):
        self._lines = source.splitlines(keepends=True)
        self._body = ast.parse(source).body
        self._kept, self.reached = set(), False

    def visible_tests(self):
        return [n.name for n in self._body if isinstance(n, ast.FunctionDef) and _visibility(n) == "visible"]

    def reach(self, wanted):
        """Marks what defines `wanted`, and the statements that bind nothing (these alone for None).

        Answers the (module, name) pairs that these need.
        """
        self.reached = True
        names = set() if wanted is None else {wanted}
        plain = [i for i, node in enumerate(self._body) if not _bound(node)]
        return self._define(names) + [need for i in plain for need in self._keep(i)]

    def _define(self, names):
        """Keeps what binds these names; of an import only these names are needed from elsewhere."""
        needs = []
        for number, node in enumerate(self._body):
            if not (names & _bound(node) or "*" in _bound(node)):
                continue
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._kept.add(number)
                needs += _imported(node, names)
            else:
                needs += self._keep(number)
        return needs

    def _keep(self, number):
        if number in self._kept:
            return []
        self._kept.add(number)
        nodes = list(ast.walk(self._body[number]))
        through = [(n.value.id, n.attr) for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
        return self._define({n.id for n in nodes if isinstance(n, ast.Name)}) + self._taken_from(through)

    def _taken_from(self, through):
        """The (module, name) pairs behind `helper.name` where `import helper` stands in this file."""
        modules = {a.asname or a.name: a.name for n in self._body if isinstance(n, ast.Import) for a in n.names}
        return [(modules[name], attribute) for name, attribute in through if name in modules]

    def source(self):
        """The lines of what is kept, with the comments right above; imports only of names that are used."""
        used = {n.id for i in self._kept for n in ast.walk(self._body[i]) if isinstance(n, ast.Name)}
        pieces = []
        for number in sorted(self._kept):
            node = self._body[number]
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                node = _narrowed(node, used)
                pieces.append("" if node is None else ast.unparse(node) + "\n")
            else:
                pieces.append(self._text(node) + "\n")
        return "".join(pieces)

    def _text(self, node):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
        return "".join(self._lines[first : node.end_lineno]) + "\n"


def _imported(node, names):
    """The (module, name) pairs that an import of these names asks for."""
    if isinstance(node, ast.Import):
        return [(a.name, None) for a in node.names if (a.asname or a.name).split(".")[0] in names]
    return [(node.module or "", a.name) for a in node.names if (a.asname or a.name) in names or a.name == "*"]


def _narrowed(node, used):
    kept = [a for a in node.names if (a.asname or a.name).split(".")[0] in used or a.name == "*"]
    if not kept:
        return None
    fresh = ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, kept, node.level)
    return ast.copy_location(fresh, node)


def _bound(node):
    """The names that a top-level statement binds."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(a.asname or a.name).split(".")[0] for a in node.names}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _visibility(function):
    """The word in the test's @points; None where it has none."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", None) == "points":
            for keyword in decorator.keywords:
                if keyword.arg == "visibility":
                    # Anything but the plain word might be a hidden test: it stays here.
                    return keyword.value.value if isinstance(keyword.value, ast.Constant) else "hidden"
            return "visible"
    return None
