asamend fix -p examples/site.yaml examples/asa9-default.cfg
