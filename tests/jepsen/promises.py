"""What holds between the tables, as tests/support/stored_promises.hpp lists it."""

import os
import re

LIST = os.path.join(os.path.dirname(__file__), "..", "support", "stored_promises.hpp")


def read():
    """[(says, query that answers a row for each breach)]"""
    with open(LIST, encoding="utf-8") as file:
        text = file.read()
    listed = text[text.index("stored_promises[] = {"):text.index("\n};\n", text.index("[] = {"))]
    text_form = r'"(?:[^"\\]|\\.)*"'
    found = []
    for says, parts in re.findall(rf"\{{({text_form}),\s*((?:{text_form}\s*)+)\}}", listed):
        found.append((says[1:-1], "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', parts))))
    assert len(found) > 5, "the list is not read any more"
    return found
