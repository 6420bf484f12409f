module regexp-judge

go 1.24
