module github.com/cyclos-go/passwords/mutation

go 1.26
