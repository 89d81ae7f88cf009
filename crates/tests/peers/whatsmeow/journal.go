package main

import (
	"encoding/json"
	"os"
	"sync"
	"syscall"
)

// journal is what came and what is answered, on disk before the answer leaves: the promise that Flow HQ makes, without
// what it takes to act on it after a crash. One file a session, so that no session waits for another's.
type journal struct {
	lock sync.Mutex
	file *os.File
}

func openJournal(path string) (*journal, error) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return &journal{file: file}, err
}

func (j *journal) keep(id, from, text, reply string) error {
	line, err := json.Marshal([]string{id, from, text, reply})
	if err != nil {
		return err
	}
	j.lock.Lock()
	defer j.lock.Unlock()
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return syscall.Fdatasync(int(j.file.Fd()))
}
