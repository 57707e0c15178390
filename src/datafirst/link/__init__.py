"""Who is who? Standardise, train, score, cluster, find journeys, and say how well it went.

Fellegi and Sunter's model (1969), estimated and applied by Splink 5 on DuckDB. Every function
works on the connection that its caller gives, with its memory limit and its spill folder, and
nothing outside this room imports Splink.
"""
