module flowhq/scripts/kubernetes/relay

go 1.24.0
