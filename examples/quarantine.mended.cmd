asamend fix -p examples/site.yaml examples/quarantine.cfg | asamend audit --apply - -p examples/site.yaml examples/quarantine.cfg
