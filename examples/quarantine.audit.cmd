asamend audit -p examples/site.yaml examples/quarantine.cfg
