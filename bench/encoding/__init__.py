"""What is measured of bytes that become characters: the charset found, beside peers, on pages made for it."""
