asamend fix -p examples/site.yaml examples/quarantine.cfg
