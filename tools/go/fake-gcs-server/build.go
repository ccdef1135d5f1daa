//go:build tools

// Package build names what is built here, so that go.mod and go.sum pin it and all it needs.
package build

import _ "github.com/fsouza/fake-gcs-server"
