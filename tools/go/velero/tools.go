//go:build tools

// Names what else is built here, so that go.mod and go.sum pin it and all it needs.
package main

import (
	_ "github.com/vmware-tanzu/velero-plugin-for-aws/velero-plugin-for-aws"
	_ "github.com/vmware-tanzu/velero-plugin-for-gcp/velero-plugin-for-gcp"
	_ "github.com/vmware-tanzu/velero/cmd/velero"
)
