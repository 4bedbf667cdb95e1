"""Paper: PDF documents drawn from values that are worded already. Nothing here reads a clock or a database.

    printed = flyer(Flyer(title="はじめてのスマホ", …))
    printed.file       # ExportFile; the same values always give the same bytes
    printed.missing    # characters that no bundled font has, drawn as 〓

Measures are millimetres from the top left of a page, letters are in points, and none is smaller than 12.
Import the module of a document where it is printed: the PDF library takes half a second and is not wanted at start.
"""
