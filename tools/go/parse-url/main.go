// Reads URLs as a JSON list and writes what Go's parser makes of them. Coder's driver reads its connection URL with it.
package main

import (
	"encoding/json"
	"net/url"
	"os"
)

type parsed struct {
	Error    string              `json:"error,omitempty"`
	User     string              `json:"user"`
	Password string              `json:"password"`
	Host     string              `json:"host"`
	Port     string              `json:"port"`
	Path     string              `json:"path"`
	Query    map[string][]string `json:"query"`
}

func parse(text string) parsed {
	u, err := url.Parse(text)
	if err != nil {
		return parsed{Error: err.Error()}
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return parsed{Error: err.Error()}
	}
	password, _ := u.User.Password()
	return parsed{User: u.User.Username(), Password: password, Host: u.Hostname(), Port: u.Port(), Path: u.Path, Query: query}
}

func main() {
	var urls []string
	if err := json.NewDecoder(os.Stdin).Decode(&urls); err != nil {
		panic(err)
	}
	results := []parsed{}
	for _, text := range urls {
		results = append(results, parse(text))
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		panic(err)
	}
}
