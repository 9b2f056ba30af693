asamend fix --form global-off --unsafe -p examples/site.yaml examples/asa9-default.cfg | asamend audit --apply - -p examples/site.yaml examples/asa9-default.cfg
