"""The journal as people read it: their part of it, a sentence for each verb, the details."""
