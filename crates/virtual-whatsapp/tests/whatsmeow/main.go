// A whatsmeow client as its users write one, for a test of the virtual WhatsApp. It tells what happens as lines of JSON
// and obeys lines of JSON: {"send": kind, "to": JID} and {"end": true}.
//
// Told otherwise than by default: the root key that it trusts, and that the names web.whatsapp.com and whatever names
// media have their addresses here. Nothing in whatsmeow is changed.
package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"sync"

	_ "github.com/mattn/go-sqlite3"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/reflect/protoreflect"
)

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

// transport goes to the server whatever host is named, and trusts its authority alone.
func transport(address, authority string) *http.Transport {
	pem, err := os.ReadFile(authority)
	must(err)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		panic("no certificate in " + authority)
	}
	dial := func(ctx context.Context, network, asked string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(asked)
		if err == nil && host == "web.whatsapp.com" {
			asked = address
		}
		return (&net.Dialer{}).DialContext(ctx, network, asked)
	}
	return &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
}

// fields names what is set in a message, outermost first, through wrappers.
func fields(message *waE2E.Message) []string {
	names := []string{}
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if name := string(field.Name()); name != "messageContextInfo" {
			names = append(names, name)
		}
		return true
	})
	return names
}

func main() {
	ctx := context.Background()
	key, err := hex.DecodeString(os.Getenv("ROOT_KEY"))
	must(err)
	copy(whatsmeow.WACertPubKey[:], key)
	database, err := sql.Open("sqlite3", "file:"+os.Getenv("DATABASE")+"?_foreign_keys=on&_busy_timeout=10000")
	must(err)
	database.SetMaxOpenConns(1)
	level := os.Getenv("LOG")
	log := waLog.Noop
	if level != "" {
		log = stderr{}
	}
	container := sqlstore.NewWithDB(database, "sqlite3", log)
	must(container.Upgrade(ctx))
	device, err := container.GetFirstDevice(ctx)
	must(err)
	client := whatsmeow.NewClient(device, log)
	through := &http.Client{Transport: transport(os.Getenv("ADDRESS"), os.Getenv("AUTHORITY"))}
	client.SetWebsocketHTTPClient(through)
	client.SetPreLoginHTTPClient(through)
	client.SetMediaHTTPClient(through)
	client.AddEventHandler(func(event any) { happened(ctx, client, event) })
	if client.Store.ID == nil {
		codes, err := client.GetQRChannel(ctx)
		must(err)
		must(client.Connect())
		go func() {
			for code := range codes {
				if code.Event == "code" {
					tell(map[string]any{"qr": code.Code})
				} else {
					tell(map[string]any{"linking": code.Event})
				}
			}
		}()
	} else {
		must(client.Connect())
	}
	commands := bufio.NewScanner(os.Stdin)
	commands.Buffer(nil, 1<<20)
	for commands.Scan() {
		var command command
		must(json.Unmarshal(commands.Bytes(), &command))
		switch {
		case command.End:
			client.Disconnect()
			return
		case command.Logout:
			if err := client.Logout(ctx); err != nil {
				tell(map[string]any{"refused": err.Error(), "kind": "logout"})
			} else {
				tell(map[string]any{"logged_out": true})
			}
		case command.Ask != nil:
			found, err := client.IsOnWhatsApp(ctx, command.Ask)
			if err != nil {
				tell(map[string]any{"refused": err.Error(), "kind": "ask"})
				continue
			}
			answer := map[string]bool{}
			for _, one := range found {
				answer[one.Query] = one.IsIn
			}
			tell(map[string]any{"asked": answer})
		case command.Send != "":
			send(ctx, client, command)
		}
	}
}

type command struct {
	Send   string   `json:"send"`
	To     string   `json:"to"`
	Of     string   `json:"of"`
	Ask    []string `json:"ask"`
	Logout bool     `json:"logout"`
	End    bool     `json:"end"`
}

func happened(ctx context.Context, client *whatsmeow.Client, event any) {
	switch event := event.(type) {
	case *events.Connected:
		tell(map[string]any{"open": client.Store.ID.String(), "lid": client.Store.LID.String(), "name": client.Store.PushName})
	case *events.LoggedOut:
		tell(map[string]any{"closed": event.Reason.String()})
	case *events.ConnectFailure:
		tell(map[string]any{"closed": event.Reason.String()})
	case *events.StreamReplaced:
		tell(map[string]any{"closed": "replaced"})
	case *events.AppStateSyncComplete:
		tell(map[string]any{"synced": string(event.Name), "name": client.Store.PushName})
	case *events.HistorySync:
		tell(map[string]any{"history": event.Data.GetSyncType().String(), "chats": len(event.Data.GetConversations())})
	case *events.Receipt:
		tell(map[string]any{"receipt": string(event.Type), "ids": event.MessageIDs})
	case *events.UndecryptableMessage:
		tell(map[string]any{"unreadable": event.Info.ID, "unavailable": event.IsUnavailable})
	case *events.Message:
		heard(ctx, client, event)
	}
}

func heard(ctx context.Context, client *whatsmeow.Client, event *events.Message) {
	what := map[string]any{
		"heard": fields(event.RawMessage), "id": event.Info.ID, "chat": event.Info.Chat.String(),
		"sender": event.Info.Sender.String(), "own": event.Info.IsFromMe, "edit": string(event.Info.Edit),
		"media": event.Info.MediaType, "type": event.Info.Type, "text": event.Message.GetConversation(),
	}
	inner := event.Message
	if inner.GetImageMessage() != nil || inner.GetVideoMessage() != nil || inner.GetAudioMessage() != nil ||
		inner.GetDocumentMessage() != nil || inner.GetStickerMessage() != nil {
		data, err := client.DownloadAny(ctx, inner)
		if err != nil {
			what["download_failed"] = err.Error()
		} else {
			sum := sha256.Sum256(data)
			what["downloaded"] = hex.EncodeToString(sum[:])
		}
	}
	tell(what)
}

func send(ctx context.Context, client *whatsmeow.Client, command command) {
	refused := func(err error) {
		tell(map[string]any{"refused": err.Error(), "kind": command.Send})
	}
	to, err := types.ParseJID(command.To)
	if err != nil {
		refused(err)
		return
	}
	message, err := compose(ctx, client, command, to)
	if err != nil {
		refused(err)
		return
	}
	sent, err := client.SendMessage(ctx, to, message)
	if err != nil {
		refused(err)
		return
	}
	tell(map[string]any{"sent": sent.ID, "kind": command.Send, "fields": fields(message)})
}

type stderr struct{}

func (stderr) line(level, text string, args ...any) {
	_, _ = os.Stderr.WriteString(level + " " + sprintf(text, args...) + "\n")
}
func (l stderr) Errorf(text string, args ...any) { l.line("ERROR", text, args...) }
func (l stderr) Warnf(text string, args ...any)  { l.line("WARN", text, args...) }
func (l stderr) Infof(text string, args ...any)  { l.line("INFO", text, args...) }
func (l stderr) Debugf(text string, args ...any) { l.line("DEBUG", text, args...) }
func (l stderr) Sub(string) waLog.Logger         { return l }
