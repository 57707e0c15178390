"""How is a trained linkage model applied to millions of records on a small machine?"""
