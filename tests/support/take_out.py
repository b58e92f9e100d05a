#!/usr/bin/env python3
"""take_out.py PAGE FOLDER: writes each code block of PAGE that begins with ```LANGUAGE file=NAME into FOLDER/NAME."""

import pathlib
import re
import sys

page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
blocks = re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
if not blocks:
    sys.exit(f"{page}: no code block names a file")
for name, text in blocks:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
