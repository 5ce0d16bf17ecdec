"""What is steered: messages, alerts, situations, indicators."""
