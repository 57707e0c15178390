SELECT * FROM defendant
