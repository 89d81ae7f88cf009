// Carries streams from one address to another: relay FROM TO, each tcp:HOST:PORT or unix:PATH.
//
// A build of flowhq with `virtual` speaks with loopback alone. In each pod this is what listens there; on each node and in
// the bed it carries what comes to the virtual WhatsApp, past the cable that the test cuts.
package main

import (
	"io"
	"log"
	"net"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: relay FROM TO, each tcp:HOST:PORT or unix:PATH")
	}
	network, address, _ := strings.Cut(os.Args[1], ":")
	listener, err := net.Listen(network, address)
	if err != nil {
		log.Fatal(err)
	}
	to, target, _ := strings.Cut(os.Args[2], ":")
	for {
		from, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go carry(from, to, target)
	}
}

// Both directions, each until its end; a peer that is not there ends the stream at once.
func carry(from net.Conn, network, address string) {
	defer from.Close()
	into, err := net.Dial(network, address)
	if err != nil {
		log.Print(err)
		return
	}
	defer into.Close()
	done := make(chan struct{})
	go func() {
		io.Copy(into, from)
		end(into)
		close(done)
	}()
	io.Copy(from, into)
	end(from)
	<-done
}

// Tells the other side that no more comes.
func end(stream net.Conn) {
	if half, ok := stream.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}
