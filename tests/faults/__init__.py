"""Tests of known faults."""
