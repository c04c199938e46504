"""The marts as pages. Reads as `tandem_reader`; writes through the command `tandem` alone."""
