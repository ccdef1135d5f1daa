module parse-url

go 1.21
