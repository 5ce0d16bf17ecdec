"""Charts drawn on the server as SVG: no script, no inline style, text stays text.

A chart never decides a level nor formats a number: it draws the words it is given, and a table
beside it says the same (``components/charts/figure.html``).
"""
