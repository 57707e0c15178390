"""ARE THEY RIGHT? Which rows break which rule, and is that more than the specification tolerates?"""
