#!/usr/bin/env python3
"""Texts that a reader cannot read because the next cell is filled.

    workbook_cells.py XLSX [SHEET...]      exit 0, or 1 with a line for each

A text runs on over empty cells to its right; where there is none it must fit the column or be
wrapped. Lower-case letters of the default font are narrower than the digits that a width counts.
"""

import sys

import openpyxl

NARROWER = 0.9


def cut_texts(sheet):
    merged = {c for r in sheet.merged_cells.ranges for row in sheet[r.coord] for c in row}
    widths = {}
    for d in sheet.column_dimensions.values():
        for col in range(d.min, d.max + 1):
            widths[col] = d.width
    for row in sheet.iter_rows():
        for cell, right in zip(row, row[1:]):
            if cell.data_type != "s" or right.value is None or cell in merged or cell.alignment.wrap_text:
                continue
            if len(cell.value) * NARROWER > widths.get(cell.column, 9):
                yield f"{sheet.title}!{cell.coordinate}: {cell.value!r} in {widths.get(cell.column, 9):.0f} characters"


def main():
    book = openpyxl.load_workbook(sys.argv[1])
    cut = [line for name in sys.argv[2:] or book.sheetnames for line in cut_texts(book[name])]
    print("\n".join(cut))
    return 1 if cut else 0


if __name__ == "__main__":
    sys.exit(main())
