"""How is each stage done? It reads from the stores, calls pure functions, writes what they made.

`datafirst.stages` names them all; nothing else imports from here.
"""
