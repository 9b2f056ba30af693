asamend trace examples/edge-pix.cfg input outside tcp 198.51.100.7 40000 1.1.1.1 25
