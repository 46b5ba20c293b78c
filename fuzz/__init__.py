"""Coverage-guided fuzzing of everything that reads bytes from outside; run by `make fuzz`, never by the tests."""
