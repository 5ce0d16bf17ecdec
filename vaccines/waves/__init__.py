"""Waves of deliveries: who receives a line, what SPF and the pivot hospitals ship, in vials."""
