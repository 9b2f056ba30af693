asamend trace --packets examples/packets.ndjson examples/edge-pix.cfg
