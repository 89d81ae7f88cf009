// A bot of many sessions in one process, as users of whatsmeow write one, to measure Flow HQ beside: it answers each text
// with the same text. It tells what happens as lines of JSON and obeys lines of JSON: {"add": true} shows the QR code of a
// new session, {"drop": number} and {"take": number} end and begin the connection of one, {"end": true} ends it all.
//
// Nothing in whatsmeow is changed. Told otherwise than by default: the root key that it trusts, and that its server is at
// ADDRESS and speaks without TLS, as it does to all that are measured.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"sync"

	_ "github.com/mattn/go-sqlite3"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store/sqlstore"
	waLog "go.mau.fi/whatsmeow/util/log"
)

type command struct {
	Add  bool   `json:"add"`
	Drop string `json:"drop"`
	Take string `json:"take"`
	End  bool   `json:"end"`
}

var telling sync.Mutex

func tell(what map[string]any) {
	telling.Lock()
	defer telling.Unlock()
	line, err := json.Marshal(what)
	must(err)
	_, err = os.Stdout.Write(append(line, '\n'))
	must(err)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// toServer goes to the server whatever host is named. What it returns counts as past TLS (net/http, Transport.DialTLSContext).
func toServer(address string) *http.Client {
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	return &http.Client{Transport: &http.Transport{DialTLSContext: dial}}
}

func main() {
	ctx := context.Background()
	key, err := hex.DecodeString(os.Getenv("ROOT_KEY"))
	must(err)
	copy(whatsmeow.WACertPubKey[:], key)
	// STORE is what its users write behind the file's name: see scripts/bench.
	database, err := sql.Open("sqlite3", "file:"+os.Getenv("DIRECTORY")+"/whatsmeow.db?"+os.Getenv("STORE"))
	must(err)
	container := sqlstore.NewWithDB(database, "sqlite3", waLog.Noop)
	must(container.Upgrade(ctx))
	bot := &bot{
		container: container, through: toServer(os.Getenv("ADDRESS")), reply: os.Getenv("REPLY"),
		directory: os.Getenv("DIRECTORY"), journalled: os.Getenv("JOURNAL") != "", sessions: map[string]*session{},
	}
	devices, err := container.GetAllDevices(ctx)
	must(err)
	for _, device := range devices {
		opened := bot.open(device)
		bot.sessions[device.ID.User] = opened
		// One after the other has sent its hello; they are awaited by the server, not here.
		go opened.connect()
	}
	tell(map[string]any{"started": len(devices)})

	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		var command command
		must(json.Unmarshal(commands.Bytes(), &command))
		switch {
		case command.Add:
			bot.add(ctx)
		case command.Drop != "":
			bot.of(command.Drop).client.Disconnect()
			tell(map[string]any{"dropped": command.Drop})
		case command.Take != "":
			bot.of(command.Take).connect()
		case command.End:
			bot.end()
			must(database.Close())
			return
		}
	}
}
