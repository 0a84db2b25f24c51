//go:build !amd64

package matrix

func fastest() kernels { return portable }
