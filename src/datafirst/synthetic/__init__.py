"""What might the courts' records look like? Pretend data: invented people and their cases."""
