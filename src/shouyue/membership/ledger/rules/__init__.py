"""Points by rule: plain values in, plain values out."""
