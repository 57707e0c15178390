"""ARE THEY RIGHT? Which rows break which rule, and are they more than is tolerated?"""
