"""What is new in the inventories since somebody's last visit, and which stocks run low."""
