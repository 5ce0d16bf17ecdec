"""What the real-time view (*visu*) reads: figures from the summaries, establishments live."""
