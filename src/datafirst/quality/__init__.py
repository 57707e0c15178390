"""How right is it? Measures linkage against the truth, by clerical review, and from run to run.

Every function works on the connection that its caller gives and does no input or output of its
own. What it finds are counts and shares, never a value from the data.
"""
