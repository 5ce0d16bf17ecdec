"""What the agencies and OMEDITs follow, and how a line is put right [000]."""
