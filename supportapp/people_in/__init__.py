"""People's lists coming in: tried first, taken in slice by slice, taken back as a whole when they must not stay.

running: the whole way of a file. rehearsing: what would happen. runs: slices, and taking them back. journal: what a
slice changed. mappings: which column of a form holds what. marking: the same workbook with its wrong cells marked.
"""
