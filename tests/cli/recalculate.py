#!/usr/bin/env python3
"""Has LibreOffice open a workbook, calculate all its formulas, and compares them with the values written.

    recalculate.py XLSX FOLDER      exit 0, or 1 with a line for each difference. FOLDER: for what LibreOffice makes
"""

import math
import pathlib
import subprocess
import sys

import openpyxl

# always, not only for files of unknown programs
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculate(xlsx, folder):
    user = folder / "libreoffice" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(ALWAYS)
    out = folder / "recalculated"
    profile = f"-env:UserInstallation=file://{user.parent.resolve()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(xlsx)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return out / xlsx.name


def main():
    xlsx, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    formulas = openpyxl.load_workbook(xlsx)
    written = openpyxl.load_workbook(xlsx, data_only=True)
    got = openpyxl.load_workbook(recalculate(xlsx, folder), data_only=True)
    n_good = n_bad = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                a, b = written[sheet.title][cell.coordinate].value, got[sheet.title][cell.coordinate].value
                numbers = isinstance(a, (int, float)) and isinstance(b, (int, float))
                texts = isinstance(a, str) and isinstance(b, str) and not b.startswith("#")
                if (numbers and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)) or (texts and a == b):
                    n_good += 1
                else:
                    n_bad += 1
                    text = getattr(cell.value, "text", cell.value)
                    print(f"{sheet.title}!{cell.coordinate}: {text} gives {b!r}, not {a!r}")
    print(f"{n_good} formulas agree, {n_bad} do not")
    return 1 if n_bad or not n_good else 0


if __name__ == "__main__":
    sys.exit(main())
