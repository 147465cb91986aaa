"""What the two simulated Zalo platforms share: faults on command, deliveries, the record of calls."""
