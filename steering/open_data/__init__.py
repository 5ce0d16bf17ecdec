"""What anybody may read of the platform: datasets made once, masked, kept and described."""
