SELECT * FROM offence
