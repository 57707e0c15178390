SELECT id FROM defendant
