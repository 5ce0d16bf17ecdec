"""The typing grid of a due day: one line a product, saved as it is typed, sent as a whole."""
