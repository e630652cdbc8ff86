// A key-value server. Everything is answered with 501 so far: begin at answer.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

// answer gives the status and the body of the answer to one request.
// PUT /key with the value as its body: 200. GET /key: 200 and the value, or 404.
// Requests come on several goroutines at once.
func answer(method, key, value string) (int, string) {
	return 501, fmt.Sprintf("%s %s: not implemented yet", method, key)
}

func handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	status, text := answer(r.Method, r.URL.Path[1:], string(body))
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	io.WriteString(w, text)
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func main() {
	port := flag.String("port", env("PORT", "8080"), "where to listen")
	data := flag.String("data", env("DATA_DIR", "data"), "the folder for everything on disk")
	flag.Parse()
	if err := os.MkdirAll(*data, 0o755); err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://127.0.0.1:%s", *port)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+*port, http.HandlerFunc(handle)))
}
