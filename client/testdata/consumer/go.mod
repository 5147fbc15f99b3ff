module example.com/consumer

go 1.26.0

require github.com/pkio-tools/certcentral v0.0.0

replace github.com/pkio-tools/certcentral => ../../..
