"""What stands in for production's servers on this machine?

PostgreSQL, an object store and Airflow, each a real one, each on loopback only, with all that
they keep under build/embedded. Nothing outside this room knows which kind of server it speaks to.
"""
