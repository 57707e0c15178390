"""Makes de-identified, linked research data shares from the systems of the justice system."""

__version__ = "0.1.0"
