module kvserver

go 1.21
