module {{package}}

go 1.24
